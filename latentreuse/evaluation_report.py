"""An evaluation as text: a small listing of names, values and bounds of their errors."""

from typing import Any

from latentreuse.evaluation import Evaluation


def _one(value: Any, radius: Any) -> str:
    """A number with its radius; several of them one after another; an eigenvalue with multiplicity, in words."""
    if isinstance(value, list):
        if len(value) == 2 and isinstance(value[1], int):
            return f"{_one(value[0], radius[0] if isinstance(radius, list) else radius)}  (multiplicity {value[1]})"
        return ", ".join(_one(v, r) for v, r in zip(value, radius, strict=True)) or "none"
    return str(value) if str(radius) == "0" else f"{value} +/- {radius}"


def _named(found: Evaluation) -> list[tuple[str, Any, Any]]:
    """Name, value and radius of each value."""
    values, radii = found.value, found.radius
    if isinstance(values, dict):
        return [(name, values[name], radii[name]) for name in values]
    if not isinstance(values, list):
        values, radii = [values], [radii]
    return list(zip(found.names, values, radii, strict=True))


def _beside(found: Evaluation) -> list[tuple[str, Any, Any]]:
    """What stands beside the value, with the radius where one is given."""
    rows: list[tuple[str, Any, Any]] = []
    for name, value in found.beside.items():
        radii = found.beside.get(f"{name}_radius")
        if name.endswith("_radius"):
            continue
        if isinstance(value, list):
            rows += [(f"{name}[{i + 1}]", entry, radii[i] if radii else "0") for i, entry in enumerate(value)]
        else:
            rows.append((name, value, radii or "0"))
    return rows


def listing(found: Evaluation) -> str:
    """A small readable listing."""
    rows = _named(found)
    lines = [f"{found.result} at {found.case.document.path}: {found.verdict}"]
    if not rows:
        lines.append("  no values: there is no such direction at these sizes")
    rows += _beside(found)
    left = max((len(name) for name, _, _ in rows), default=0)
    lines += [f"  {name.ljust(left)} = {_one(value, radius)}" for name, value, radius in rows]
    if found.not_used:
        lines.append(f"  not used by {found.result}: {', '.join(found.not_used)}")
    lines.append(f"  {found.digits} digits asked for; trust: {found.trust}")
    return "\n".join(lines)
