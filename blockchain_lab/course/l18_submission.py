"""Lesson 18, a repair that is handed in: its text, what may not stand in it, and the node that it makes.

    text = write_source(Mine)          the methods of a learner's class that repair one of the six decisions
    node = read_node(text)             the same class, made anew from the text alone; UsageError says why not

Who marks never takes a learner's class as it is: it may have changed anything around it. It takes the text,
reads it as a tree, refuses what six small rules have no use for (imports, names that begin with `_`, other
people's signatures, attributes of anything but the node itself), and builds the class where nothing else of
the learner's has ever run. So the checker and the answer cannot be reached. This is a filter for a small
language and no proof: `teach.capstone` runs what passes it behind the fences of marking.
"""

import ast
import builtins
import inspect
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from textwrap import dedent, indent
from types import CodeType, FunctionType
from typing import Any, Final

from blockchain_lab.base.effects import CancelTimer, Note, SendTo, SetTimer, TimerName
from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.l18_checking import NodeClass, check_node_class
from blockchain_lab.layers import toy_rules
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode
from blockchain_lab.layers.toy_messages import GENESIS, MOST_PAYMENTS, Ask, Block, Payment, Signed, Vote

LONGEST: Final = 20_000  # letters; the six repairs take about 1,500
BUILTINS: Final = (
    "abs", "all", "any", "bool", "bytes", "dict", "enumerate", "filter", "frozenset", "int", "isinstance",
    "iter", "len", "list", "map", "max", "min", "next", "range", "repr", "reversed", "set", "sorted", "str",
    "sum", "tuple", "zip", "Exception", "IndexError", "KeyError", "StopIteration", "ValueError",
)  # fmt: skip
RULES: Final = (
    "choose_payments", "draw_leader", "find_bad_payment", "find_fault", "is_final", "is_two_thirds", "pay",
    "pay_all",
)  # fmt: skip
SYNTAX: Final = (
    ((ast.Import, ast.ImportFrom), "no imports: the rules and the messages are there already"),
    ((ast.Global, ast.Nonlocal, ast.ClassDef), "only the node's own methods"),
    ((ast.AsyncFunctionDef, ast.Await), "a node waits for nothing"),
)
FORBIDDEN: Final[Mapping[str, str]] = {  # attributes, and why
    "signed_by": "nobody signs for another one: what the node says itself is signed already",
    "setup": "it holds what belongs to everybody",
    "format": "f-strings do the same",
    "format_map": "f-strings do the same",
}
INTO_PYTHON: Final = ("_", "ag_", "co_", "cr_", "f_", "gi_", "tb_")  # attributes that lead to its own parts
FIXED: Final = ("branches", "chain", "name")  # of `self`: who it is, and what all agree on


def write_source(node: Any) -> str:
    """The text of the repairs in a learner's class. UsageError when Python has not kept it."""
    check_node_class(node)
    methods: dict[str, str] = {}
    for kind in reversed(node.__mro__):
        for name in FAULTS:
            function = vars(kind).get(name)
            if isinstance(function, FunctionType) and not kind.__module__.startswith("blockchain_lab."):
                methods[name] = get_text(name, function)
    body = "\n".join(indent(text, "    ") for text in methods.values())
    return f"class Mine(FaultyNode):\n{body or '    pass'}\n"


def get_text(name: str, function: FunctionType) -> str:
    """A method's source. UsageError."""
    try:
        return dedent(inspect.getsource(function))
    except (OSError, TypeError) as problem:
        raise UsageError(f"the text of {name} is gone: run its cell again") from problem


def read_node(text: str) -> NodeClass:
    """The node with these repairs, made anew. Nothing of the text runs before all was read. UsageError."""
    code, names = compile_methods(text)
    namespace = make_namespace()
    exec(code, namespace)
    return type(
        "HandedIn", (FaultyNode,), {**{name: namespace[name] for name in names}, "__module__": "handed_in"}
    )


@lru_cache(maxsize=64)
def compile_methods(text: str) -> tuple[CodeType, tuple[str, ...]]:
    """The code of a text's methods, and their names: read once, for two hundred worlds. UsageError."""
    methods = read_methods(text)
    module = ast.Module(body=[drop_annotations(method) for method in methods], type_ignores=[])
    code = compile(ast.fix_missing_locations(module), "<handed in>", "exec")
    return code, tuple(method.name for method in methods)


def read_methods(text: str) -> list[ast.FunctionDef]:
    """The methods of the one class in a text, all of them read and found harmless. UsageError."""
    if len(text) > LONGEST:
        raise UsageError(f"refused: {len(text):,} letters, wanted at most {LONGEST:,}")
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise UsageError(f"refused: this is no Python: {problem}") from problem
    if len(body) != 1 or not isinstance(body[0], ast.ClassDef):
        raise UsageError("refused: wanted one class and nothing else, `class Mine(FaultyNode): ...`")
    methods = []
    for part in body[0].body:
        if isinstance(part, ast.Pass) or is_docstring(part):
            continue
        if not isinstance(part, ast.FunctionDef) or part.name not in FAULTS:
            raise refuse(part, f"a repair is one of the methods {', '.join(FAULTS)}")
        check_method(part)
        methods.append(part)
    return methods


def is_docstring(part: ast.stmt) -> bool:
    """A text that stands alone."""
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def check_method(method: ast.FunctionDef) -> None:
    """UsageError for the first thing in it that may not be."""
    if method.decorator_list:
        raise refuse(method, "no decorators")
    bare = drop_annotations(method)
    known = {*get_own_names(bare), *make_namespace(), *BUILTINS}
    for part in ast.walk(bare):
        problem = find_problem(part, known)
        if problem:
            raise refuse(part, problem)


def find_problem(part: ast.AST, known: set[str]) -> str | None:
    """Why this piece of a method may not be; None when it may."""
    for kinds, reason in SYNTAX:
        if isinstance(part, kinds):
            return reason
    match part:
        case ast.ExceptHandler(type=None):
            return "`except:` would catch the end of its budget, too; name the error"
        case ast.Name(id=name):
            return find_problem_of_name(name, known)
        case ast.Attribute():
            return find_problem_of_attribute(part)
        case ast.MatchClass(kwd_attrs=names):
            return next(filter(None, map(find_problem_of_reading, names)), None)
    return None


def find_problem_of_name(name: str, known: set[str]) -> str | None:
    """Names are the method's own, or stand on the list."""
    if name.startswith("_") and name != "_":
        return f"`{name}`: no names that begin with an underscore"
    if name not in known:
        return f"`{name}` is not known here; known are the rules, the messages, {len(BUILTINS)} builtins"
    return None


def find_problem_of_attribute(part: ast.Attribute) -> str | None:
    """Attributes may be read unless they lead elsewhere, and changed on `self`."""
    if not isinstance(part.ctx, ast.Load) and not (is_on_self(part) and part.attr not in FIXED):
        return f"`{ast.unparse(part)}` may not be changed: only what the node keeps for itself may"
    return find_problem_of_reading(part.attr)


def find_problem_of_reading(name: str) -> str | None:
    """Attributes by which one comes from a value to the program around it."""
    if name.startswith(INTO_PYTHON):
        return f"`.{name}`: no attributes of Python's own parts"
    return f"`.{name}`: {FORBIDDEN[name]}" if name in FORBIDDEN else None


def is_on_self(part: ast.AST) -> bool:
    """`self.name`, and no deeper."""
    return isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self"


def get_own_names(method: ast.FunctionDef) -> Iterator[str]:
    """Arguments, and whatever the method gives a value or a name to."""
    for part in ast.walk(method):
        if isinstance(part, ast.arg):
            yield part.arg
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, ast.FunctionDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
            yield part.name or ""


def drop_annotations(method: ast.FunctionDef) -> ast.FunctionDef:
    """The same method without its types: they are for readers, and their names are not known here."""
    bare = deepcopy(method)
    for part in ast.walk(bare):
        if isinstance(part, ast.FunctionDef):
            part.returns = None
        elif isinstance(part, ast.arg):
            part.annotation = None
        elif isinstance(part, ast.AnnAssign):
            part.annotation = ast.copy_location(ast.Constant(None), part)
    return bare


def refuse(part: ast.AST, reason: str) -> UsageError:
    """The error that says where and why."""
    return UsageError(f"refused, line {getattr(part, 'lineno', 1)}: {reason}")


def ignore(*arguments: Any, **options: Any) -> None:
    """In the place of `print`: nobody reads it while work is marked."""


def make_namespace() -> dict[str, Any]:
    """All that the six rules may need, and nothing through which anything else could be reached."""
    plain = {name: getattr(builtins, name) for name in BUILTINS}
    rules = {name: getattr(toy_rules, name) for name in RULES}
    parts = (CancelTimer, Note, SendTo, SetTimer, TimerName, Ask, Block, Payment, Signed, Vote)
    messages = {part.__name__: part for part in parts}
    constants = {"GENESIS": GENESIS, "MOST_PAYMENTS": MOST_PAYMENTS, "print": ignore}
    return {"__builtins__": plain, "__name__": "handed_in", **rules, **messages, **constants}
