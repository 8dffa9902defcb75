"""The command line. Heavy packages are imported inside the commands, so that help and `list` answer at once."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from latentreuse import __version__, faults
from latentreuse.faults import CLAIM_CODES, EXIT_CODES, BadInput, Fault
from latentreuse.options import Format, Ids, Json, Process, Prover, Report, Workers
from latentreuse.output import drop, flush, prepare, say, say_exactly, say_json, warn, width, writing

app = typer.Typer(
    name="latentreuse",
    help="Derive, check, emit and evaluate the theory of latent reuse in diffusion models.",
    epilog=EXIT_CODES,
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


INTERRUPTED = "latentreuse: interrupted; nothing is left half written"


def _version(asked: bool) -> None:
    if asked:
        say(f"latentreuse {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Derive, check, emit and evaluate the theory of latent reuse in diffusion models."""


@app.command("list", epilog=EXIT_CODES)
def list_results(json: Json = False) -> None:
    """List the results with their titles and verdicts, as last emitted, under the headings of the catalogue."""
    from latentreuse.catalogue import grouped, known_ids, listed
    from latentreuse.tables import grouped_table

    found = [listed(name) for name in known_ids()]
    if json:
        say_json([{"id": one.id, "title": one.title, "verdict": one.verdict, "section": one.section} for one in found])
        return
    groups = grouped(found, lambda one: one.section)
    rows = [(heading, [(one.id, one.verdict, one.title) for one in members]) for heading, members in groups]
    say(grouped_table(("id", "verdict", "title"), rows, width(), rigid=2))


@app.command(epilog=EXIT_CODES)
def derive(
    ids: Ids = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare with what is on disk: print a diff, exit 1 if stale.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write to DIR instead of the checkout.")
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(
            "--assume", metavar="KEY=VALUE", help="Change an assumption, such as lambda=isotropic; repeatable."
        ),
    ] = None,
    process: Annotated[
        Process | None, typer.Option("--process", help="Write the result in the time of this forward process.")
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option("--assumptions", metavar="FILE", help="Assumption file (TOML), described in the README."),
    ] = None,
    workers: Workers = 2,
) -> None:
    """Derive and check results and write what they emit.

    With --assume, --process or --assumptions nothing is written unless -o is given: the new closed form is printed, or
    the step that stopped with the assumption that it misses (exit 3). The first two add to what the file says.
    """
    from latentreuse.catalogue import selected
    from latentreuse.derive_command import derive_changed, derive_default

    chosen = selected(ids)
    if assume or process or assumptions:
        if check:
            raise BadInput("--check compares the default derivations; leave out --assume, --assumptions and --process")
        code = derive_changed(chosen, assume or [], process.value if process else None, output, assumptions)
    else:
        code = derive_default(chosen, output, check=check, workers=workers)
    raise typer.Exit(code)


@app.command(epilog=EXIT_CODES)
def verify(
    ids: Ids = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of all random points and samples.")] = 0,
    json: Json = False,
    real: Annotated[bool, typer.Option("--real/--no-real", help="Also run on the real pair of data sets.")] = True,
    workers: Workers = 2,
) -> None:
    """Check every proof, run every rung that applies, and print one table of verdicts.

    Exits 0 only if nothing is REFUTED, UNDECIDED or in error.
    """
    from latentreuse.catalogue import selected
    from latentreuse.verification import as_json
    from latentreuse.verification import verify as run
    from latentreuse.verification_report import render

    found = run(selected(ids), seed=seed, workers=workers, real=real)
    if json:
        say_json(as_json(found, seed))
    else:
        say(render(found, width()))
    raise typer.Exit(faults.OK if found.passed else faults.NOT_VERIFIED)


@app.command(epilog=EXIT_CODES)
def evaluate(
    result: Annotated[str, typer.Argument(metavar="ID", help="The result to evaluate.")],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The same as --case FILE.")] = None,
    case: Annotated[
        Path | None, typer.Option("--case", metavar="FILE", help="Case file (TOML), described in the README.")
    ] = None,
    digits: Annotated[int, typer.Option(help="Digits that must be right.")] = 50,
    json: Json = False,
) -> None:
    """Evaluate a result at the point of a case file, rigorously, to any number of digits.

    Numbers in the file are decimals, fractions ("1/3") or integers, angles also multiples of pi ("2*pi/5"). All are
    exact: an unquoted decimal is read by its digits, never through binary floating point.
    """
    from latentreuse.catalogue import selected
    from latentreuse.evaluation import evaluate_case
    from latentreuse.evaluation_report import listing

    if (case is None) == (file is None):
        wrong = "is missing" if case is None else "is given twice"
        raise BadInput(f"evaluate {result}: the case file {wrong}; give one, as in: evaluate {result} --case FILE")
    path = case or file
    assert path is not None
    found = evaluate_case(selected([result])[0], path, digits)
    if json:
        say_json(found.as_json())
    else:
        say(listing(found))


@app.command(epilog=CLAIM_CODES)
def claim(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Claim file (TOML), described in the README.")],
    seconds: Annotated[float, typer.Option(help="How long to look for a proof or a counterexample.")] = 10,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the search.")] = 0,
    at: Annotated[
        Path | None, typer.Option("--at", metavar="POINT", help="Evaluate both sides at a point (TOML) instead.")
    ] = None,
    json: Json = False,
) -> None:
    """Decide a claim about the theory's quantities: PROVED with certificates, REFUTED with a point, or neither.

    A file that has a [point] of its own is evaluated there.
    """
    from latentreuse.claim_command import evaluate_at, judge
    from latentreuse.tomlmap import read

    if at is not None or "point" in read(file).values:
        raise typer.Exit(evaluate_at(file, at, json=json))
    raise typer.Exit(judge(file, seconds, seed, json=json))


@app.command(epilog=EXIT_CODES)
def compare(
    new: Annotated[Path | None, typer.Argument(metavar="[NEW]", help="Assumption file (TOML).")] = None,
    old: Annotated[
        Path | None, typer.Argument(metavar="[OLD]", help="What to compare with; default: the paper's setting.")
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option("--assume", metavar="KEY=VALUE", help="In place of a file, such as mu=free; repeatable."),
    ] = None,
    process: Annotated[
        Process | None, typer.Option("--process", help="In place of a file: the forward process.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="This result only; repeatable.")
    ] = None,
    form: Annotated[Report, typer.Option("--format", help="A table with details, plain data, or LaTeX.")] = Report.text,
    json: Json = False,
    workers: Workers = 2,
) -> None:
    """What becomes of every result when assumptions change: unchanged, changed, stopped, refuted.

    A changed value is shown with the old one, their exact difference and its sign where it has one; a result that
    stops, with the step and the assumption that it misses and what of its proof survives; an old formula that fails,
    with a world in fractions where it does (`latentreuse replay` does the sums again).
    """
    from latentreuse import comparison_report as report
    from latentreuse.catalogue import selected
    from latentreuse.compare_command import compare_all, exit_code
    from latentreuse.setting import setting

    before = setting(old, [], None)
    after = setting(new, assume or [], process.value if process else None)
    found = compare_all(selected(only), after, before, workers)
    if json or form is Report.json:
        say_json(report.as_json(found))
    elif form is Report.latex:
        say_exactly(report.section(found))
    else:
        say(report.render(found, width()))
    raise typer.Exit(exit_code(found))


@app.command(epilog=EXIT_CODES)
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `compare --json` printed.")],
    number: Annotated[int | None, typer.Option(min=1, help="Only this refutation.")] = None,
    json: Json = False,
) -> None:
    """Do the sums of refutations again, from the matrices in the file alone. Exits 1 if one does not come out."""
    from latentreuse.compare_command import replay as again

    made = again(file, number)
    if json:
        say_json(made)
    else:
        for one in made:
            word = "as stated" if one["agrees"] else f"but {one['truth']} was stated"
            told = f"[{one['number']}] {one['result']}, {one['value']}: the old formula {one['formula']}"
            say(f"{told}, true {one['replayed']}, {word}")
    raise typer.Exit(faults.OK if all(one["agrees"] for one in made) else faults.NOT_VERIFIED)


@app.command("check-certificates", epilog=EXIT_CODES)
def certificates(
    ids: Ids = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Results that `derive -o DIR` wrote elsewhere.")
    ] = None,
    json: Json = False,
) -> None:
    """Check the certificate of every step with the independent checker, which shares no code with the kernel.

    It also runs by itself, with Python alone: `python checker derivations`.
    """
    from latentreuse.certificates import check_certificates

    raise typer.Exit(check_certificates(ids, folder, json=json))


@app.command(epilog=EXIT_CODES)
def drops(ids: Ids = None, json: Json = False, workers: Workers = 2) -> None:
    """Drop each assumption of each proved inequality, one at a time.

    The step is REFUTED, with an exact point that meets all else; or the assumption is UNNEEDED, and the step's record
    leaves it out; or a point is shown at which a line has NO VALUE; or it stays UNDECIDED. docs/assumptions.md has the
    whole table. Exits 1 if a point contradicts the checker.
    """
    from latentreuse.catalogue import selected
    from latentreuse.drops_command import drops as run

    raise typer.Exit(run(selected(ids), workers, json=json))


@app.command(epilog=EXIT_CODES)
def prove(
    ids: Ids = None,
    backend: Annotated[Prover, typer.Option("--backend", help="The prover that decides.")] = Prover.coq,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Keep the prover's files in DIR.")
    ] = None,
    emit_only: Annotated[bool, typer.Option("--emit-only", help="Write the files and ask no prover.")] = False,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.1, help="How long the prover may take for one result (default 600), z3 for a question (5)."),
    ] = None,
    json: Json = False,
    workers: Workers = 2,
) -> None:
    """Have a prover outside this project decide every step that it can state, once more and from the step's own trees.

    Prints one table: theorems accepted and refused, and the steps without a theorem with the reasons. Exits 0 only if
    every theorem is accepted. z3 is a second opinion: steps with which it agrees, those to which it has no answer
    within the time, and points at which a step fails; it exits 1 only for one of the last.
    """
    from latentreuse.catalogue import selected
    from latentreuse.prove_command import prove as run
    from latentreuse.z3_backend import prove as second_opinion

    chosen = selected(ids)
    if backend is Prover.z3:
        if output is not None or emit_only:
            raise BadInput("prove --backend z3: writes no files; leave out --output and --emit-only")
        raise typer.Exit(second_opinion(chosen, 5 if seconds is None else seconds, json=json))
    seconds = 600 if seconds is None else seconds
    raise typer.Exit(run(chosen, backend.value, output, workers, seconds, emit_only=emit_only, json=json))


@app.command(epilog=EXIT_CODES)
def export(
    result: Annotated[str, typer.Argument(metavar="ID", help="The result to print; `all` for one LaTeX document.")],
    form: Annotated[Format, typer.Option("--format", help="Which emitted artefact.")],
) -> None:
    """Print an emitted artefact: statement and proof, expression tree, Python module or page."""
    from latentreuse.catalogue import document, export_text, selected

    if result == "all":
        if form is not Format.latex:
            raise BadInput("export all: only --format latex makes one document; name a result for the others")
        say_exactly(document())
        return
    say_exactly(export_text(selected([result])[0], form.value))


def _run(arguments: list[str] | None) -> Any:
    """Run a command until all that it says has arrived."""
    with writing():  # help is printed by the parser of arguments itself
        code = app(args=arguments, prog_name="latentreuse", standalone_mode=False)
    flush()
    return code


def _guarded(arguments: list[str] | None) -> int:
    """Run a command; every ending that a user can cause is a line and an exit code."""
    try:
        code = _run(arguments)
    except Fault as fault:
        warn("\n".join(fault.lines))
        return fault.code
    except typer.TyperException as error:
        warn(f"latentreuse: {' '.join(error.format_message().split())} (see latentreuse --help)")
        return faults.BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return faults.INTERRUPTED
    return code if isinstance(code, int) else faults.OK


def _was_interrupt(error: BaseException | None) -> bool:
    """Whether an interrupt is behind an error, as when it arrives inside compiled code that wraps it in its own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def main(arguments: list[str] | None = None) -> int:
    """The command ``latentreuse``; returns its exit code and never lets an exception through."""
    prepare()
    if threading.current_thread() is threading.main_thread():  # so that workers end with the command
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = _guarded(arguments)
        if code == faults.INTERRUPTED:
            warn(INTERRUPTED)
    except BrokenPipeError:
        drop(sys.stdout)
        return faults.BROKEN_PIPE
    except Exception as error:
        if _was_interrupt(error):
            warn(INTERRUPTED)
            return faults.INTERRUPTED
        if os.environ.get("LATENTREUSE_DEBUG") == "1":
            raise
        words = " ".join(str(error).split())
        warn(f"latentreuse: internal error: {type(error).__name__}: {words} (LATENTREUSE_DEBUG=1 shows where)")
        return faults.INTERNAL
    return code


def entry_point() -> None:
    """What the installed script calls."""
    sys.exit(main())
