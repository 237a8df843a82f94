"""Records in the shape that registries send them, of papers in this bibliography and made-up ones.

Facts of the real ones are those of ``references.bib``; everything else is made up.
"""

from typing import Any

PROTOMIL: dict[str, Any] = {
    "publisher": "Springer Nature Switzerland",
    "DOI": "10.1007/978-3-032-05185-1_49",
    "type": "book-chapter",
    "created": {"date-parts": [[2025, 9, 20]], "date-time": "2025-09-20T04:10:11Z"},
    "page": "507-517",
    "source": "Crossref",
    "title": [
        "Prototype-Based Multiple Instance Learning for Gigapixel Whole Slide Image Classification"
    ],
    "author": [
        {"given": "Susu", "family": "Sun", "sequence": "first", "affiliation": []},
        {"given": "Dominique", "family": "van Midden", "sequence": "additional"},
        {"given": "Geert", "family": "Litjens", "sequence": "additional"},
        {"given": "Christian F.", "family": "Baumgartner", "sequence": "additional"},
    ],
    "container-title": [
        "Lecture Notes in Computer Science",
        "Medical Image Computing and Computer Assisted Intervention – MICCAI 2025",
    ],
    "published-online": {"date-parts": [[2025, 9, 21]]},
    "published-print": {"date-parts": [[2026]]},
    "published": {"date-parts": [[2025, 9, 21]]},
    "issued": {"date-parts": [[2025, 9, 21]]},
    "volume": "15973",
    "ISBN": ["9783032051844", "9783032051851"],
    "assertion": [
        {
            "value": "21 September 2025",
            "order": 1,
            "name": "first_online",
            "label": "First Online",
            "group": {"name": "ChapterHistory", "label": "Chapter History"},
        },
        {"value": "MICCAI", "order": 1, "name": "conference_acronym", "label": "Acronym"},
        {"value": "2025", "order": 5, "name": "conference_year", "label": "Conference Year"},
    ],
    "relation": {
        "has-preprint": [
            {"id-type": "doi", "id": "10.48550/arXiv.2503.08384", "asserted-by": "object"}
        ]
    },
}

MEDIMETA: dict[str, Any] = {
    "publisher": "Springer Science and Business Media LLC",
    "issue": "1",
    "DOI": "10.1038/s41597-025-04866-4",
    "type": "journal-article",
    "title": [
        "A comprehensive and easy-to-use multi-domain multi-task medical imaging meta-dataset"
    ],
    "volume": "12",
    "author": [
        {"given": "Stefano", "family": "Woerner", "ORCID": "https://orcid.org/0000-0000-0000-0000"},
        {"given": "Arthur", "family": "Jaques"},
        {"given": "Christian F.", "family": "Baumgartner"},
    ],
    "container-title": ["Scientific Data"],
    "article-number": "666",
    "published-online": {"date-parts": [[2025, 4, 19]]},
    "published": {"date-parts": [[2025, 4, 19]]},
}

ABSTRACT: dict[str, Any] = {
    "publisher": "Elsevier BV",
    "DOI": "10.1016/S0167-8140(25)00742-X",
    "type": "journal-article",
    "page": "S3387-S3389",
    "title": [
        "Estimating uncertainty for AI-based dose modelling in MRI-guided RT using ensemble "
        "networks, mean variance estimation and Monte Carlo dropout"
    ],
    "volume": "206",
    "author": [
        {"given": "Tabea", "family": "Eberhardt"},
        {"given": "Moritz", "family": "Schneider"},
        {"given": "Christian F.", "family": "Baumgartner"},
        {"given": "Paul", "family": "Fischer"},
        {"given": "Maximilian", "family": "Niyazi"},
        {"given": "Daniela", "family": "Thorwarth"},
    ],
    "container-title": ["Radiotherapy and Oncology"],
    "published-print": {"date-parts": [[2025, 5]]},
}

IJCNN: dict[str, Any] = {
    "publisher": "IEEE",
    "DOI": "10.1109/ijcnn.2017.7966126",
    "type": "proceedings-article",
    "page": "2235-2242",
    "title": ["Compositional neural-network modeling of complex analog circuits"],
    "author": [
        {"given": "Ramin M.", "family": "Hasani"},
        {"given": "C F", "family": "Baumgartner"},
    ],
    "event": {"name": "2017 International Joint Conference on Neural Networks (IJCNN)",
              "start": {"date-parts": [[2017, 5, 14]]}},
    "container-title": ["2017 International Joint Conference on Neural Networks (IJCNN)"],
    "published-print": {"date-parts": [[2017, 5]]},
}  # fmt: skip

MADE_UP: dict[str, Any] = {
    "publisher": "Elsevier BV",
    "issue": "4",
    "DOI": "10.1234/QUIET.2026.17",
    "type": "journal-article",
    "title": ["Quiet <i>in vivo</i> T<sub>2</sub> maps &amp; MRI of 50% Wasserstein U-Nets_"],
    "subtitle": ["A made-up study"],
    "volume": "101",
    "page": "1–12",
    "author": [
        {"given": "Anna", "family": "Meier"},
        {"given": "Susu", "family": "Sun"},
        {"name": "Quiet Consortium"},
    ],
    "container-title": ["Medical image analysis"],
    "published-print": {"date-parts": [[2026, 10]]},
    "published": {"date-parts": [[2026, 8, 2]]},
    "relation": {
        "has-preprint": [{"id-type": "doi", "id": "10.48550/arxiv.2601.00017"}],
    },
}

THESIS: dict[str, Any] = {
    "DOI": "10.1234/thesis.9",
    "type": "dissertation",
    "title": ["On made-up things"],
    "author": [{"given": "Anna", "family": "Meier"}],
    "publisher": "University of Nowhere",
    "institution": [{"name": "University of Nowhere"}],
    "degree": ["PhD"],
    "issued": {"date-parts": [[2024]]},
}

MEDRXIV: dict[str, Any] = {
    "DOI": "10.1101/2023.03.07.23286895",
    "type": "posted-content",
    "subtype": "preprint",
    "institution": [{"name": "medRxiv"}],
    "publisher": "Cold Spring Harbor Laboratory",
    "title": ["Sparse Activations for Interpretable Disease Grading"],
    "author": [
        {"given": "Kerol R.", "family": "Donteu Djoumessi"},
        {"given": "Christian F.", "family": "Baumgartner"},
    ],
    "posted": {"date-parts": [[2023, 3, 9]]},
}

DATASET: dict[str, Any] = {
    "doi": "10.5281/zenodo.1234567",
    "titles": [{"title": "Quiet scans"}, {"title": "200 made-up volumes", "titleType": "Subtitle"}],
    "creators": [
        {"name": "Meier, Anna", "nameType": "Personal", "givenName": "Anna", "familyName": "Meier"},
        {"name": "Woerner, Stefano"},
        {"name": "Nowhere Imaging Unit", "nameType": "Organizational"},
    ],
    "publisher": {"name": "Zenodo"},
    "publicationYear": 2025,
    "dates": [{"date": "2025-02-03", "dateType": "Issued"}],
    "types": {"resourceTypeGeneral": "Dataset", "bibtex": "misc"},
    "version": "1.2",
}
