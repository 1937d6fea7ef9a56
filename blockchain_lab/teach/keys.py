"""Answer keys: computed for a seed when they are asked for, stored nowhere."""

from blockchain_lab.course.registry import Lesson


def write_key(lesson: Lesson, seed: int) -> str:
    """All questions of a lesson with their answers and the ways to them, as text. Plays the lesson's runs."""
    lines = [f"{lesson.id} {lesson.title}, seed {seed}", ""]
    for question in lesson.questions:
        lines += [f"{question.id} {question.title} ({question.kind})", f"  {question.prompt}"]
        lines += [f"  {line}" for line in question.get_solution(seed).splitlines()]
        lines += ["  often wrong:"]
        lines += [f"    {sentence}" for sentence in question.sentences]
        lines.append("")
    return "\n".join(lines)
