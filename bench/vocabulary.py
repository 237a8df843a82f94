"""The words that an invented bibliography is made of."""

from __future__ import annotations

from typing import Final


def _items(text: str) -> tuple[str, ...]:
    """Return what is separated by semicolons, on however many lines."""
    return tuple(item.strip() for item in " ".join(text.split()).split(";"))


GIVEN: Final = _items(
    """Anna; Ben; Chidi; Dora; Emre; Fatima; Georg; Hana; Inés; Jonas; Kofi; Lena; Mei; Nadia; Omar;
    Petra; Quentin; Rosa; Søren; Tomás; Uma; Viktor; Wei; Xenia; Yuki; Zoë; Aïcha; Björn; Céline;
    Dániel"""
)
FAMILY_STARTS: Final = _items(
    """Al; Bau; Cha; Dor; Eber; Fisch; Grün; Hart; Itan; Jan; Kauf; Lind; Mor; Nowa; Oka; Pet; Ros;
    Sand; Tan; Ulm; Varg; Weng; Zim; Mül; Sør; Gar; Ngu; Kov; Hoff; Bra"""
)
FAMILY_ENDS: Final = _items(
    """er; mann; ski; ez; sen; son; ova; ini; eau; ström; berg; feld; huis; ura; chuk; ing; ard; ić;
    ley; as"""
)
SYLLABLES: Final = _items(
    """ba; ce; di; fo; gu; hy; ka; le; mo; nu; pi; qua; ro; sy; ta; ve; xi; yo; za; bri; clo; dra;
    fle; gro; pla; ske; spi; tri; una; ora; neo; geo; poly; meta"""
)
METHODS: Final = _items(
    """Bayesian; self-supervised; few-shot; federated; causal; probabilistic; interpretable; robust;
    weakly supervised; equivariant; diffusion-based; contrastive; conformal; multi-task"""
)
SUBJECTS: Final = _items(
    """segmentation; registration; reconstruction; classification; anomaly detection; uncertainty
    quantification; domain adaptation; image synthesis; motion correction; lesion tracking; dose
    planning; report generation; representation learning; quality control"""
)
ORGANS: Final = _items(
    """brain {MRI}; chest {X}-rays; cardiac {CT}; retinal images; prostate {MRI}; fetal ultrasound;
    whole-slide images; knee {MRI}; abdominal {CT}; skin photographs; {PET} of the lung;
    mammography"""
)
AIMS: Final = _items(
    """early diagnosis; triage; screening; radiotherapy; surgery planning; ageing studies; stroke
    care; rare diseases; follow-up; population studies; clinical trials; dementia research; cancer
    staging; emergency rooms; low-field scanners; small hospitals; paediatric care; drug
    development"""
)
ODDITIES: Final = (
    r" at 3\,T",
    r" with $T_2$ maps",
    r" \emph{in vivo}",
    r" after Schr{\"o}dinger",
    r" \& beyond",
    r" in O($n\log n$) steps",
    r": 95\% of it",
    " -- a second look",
)
"""What makes titles hard: LaTeX of all kinds."""
SENTENCES: Final = (
    "We ask what {method} learning can do for {subject} in {organ}.",
    "Existing ways need labels that nobody in a clinic has the time to make.",
    "Our model says how sure it is, and is right about that more often than not.",
    r"On four public data sets it improves the Dice score by 2\% to 7\%.",
    "We also show where it fails, and why that can be seen beforehand.",
    "Radiologists preferred its results in 61 of 80 cases.",
    "Code and trained weights are public.",
)
"""What abstracts are made of; the fields are for ``str.format``."""
FIELDS: Final = _items(
    """Imaging; Medical Vision; Learning Systems; Radiology; Neural Computation; Health Data;
    Statistics in Medicine; Image Analysis; Physics in Medicine; Clinical Informatics"""
)
"""What journals and meetings are about."""
