"""Professional titles and their order: who may review whom (domain 2.5)."""

RANKS = {
    "乡村医生": 1,
    "执业助理": 1,
    "住院": 2,
    "技师": 2,
    "主治": 3,
    "主管技师": 3,
    "副主任": 4,
    "副主任技师": 4,
    "主任": 5,
    "主任技师": 5,
}


def rank(title: str) -> int:
    """Return a title's rank, 0 for one that is not known; a higher number may review a lower or equal one."""
    return RANKS.get(title, 0)
