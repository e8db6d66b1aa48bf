"""What the portal says of its own pilots, and how it gets there. Pure data."""

from dashboards.methods.texts.entry import MethodEntry
from dashboards.panels.method_anchors import PILOT_DOLLARS, VERDICT_RULE

ENTRIES = (
    MethodEntry(
        VERDICT_RULE,
        "The verdict rule",
        "When does the portal say that a pilot worked?",
        (
            "Before any data, a city locks what it tests: one outcome, the method, and the smallest change worth "
            "having. Later the locked method gives a number with its likely range (95%, or stricter), turned so that "
            "plus is better.",
            "The first of these that fits is the verdict. A pilot that was stopped before its outcome was measured or "
            "analyzed is “stopped”. One whose data or design allow no number is “no verdict possible”, with what would "
            "be needed.",
            "It is “cannot tell” if the plan was locked after data existed, the method is another one, or the "
            "registered end is not reached. So it is if the groups do not have the sizes that were drawn, if they were "
            "already moving apart, or if a series has nothing to compare with.",
            "If the whole range lies below no change, it “made things worse”. If it lies below the smallest worthwhile "
            "change, it “helped less than needed” when it is all above no change, else it “did not work”.",
            "If the whole range lies above no change and the number reaches the smallest worthwhile change, it "
            "“worked”. Everything else is “cannot tell”: the data leave open whether the change is large enough.",
            "Where whole schools or blocks were drawn, a second, stricter test must agree before the portal says that "
            "anything changed. Where many outcomes are missing, the widest honest range is used.",
            "A second person reviews each verdict, and the city may reply before it is published.",
        ),
        (
            "range below 0: made things worse",
            "range below the smallest worthwhile change, all above 0: helped less than needed",
            "range below the smallest worthwhile change, else: did not work",
            "range above 0, number at least the smallest worthwhile change: worked",
            "else: cannot tell",
        ),
        (
            ("range", "95 of 100 such ranges hold the true change; an end that touches a limit is not beyond it"),
            ("smallest worthwhile change", "what the city wrote down before the data"),
        ),
        (
            "A verdict is about the offer to these people at that time, not about other cities.",
            "“Cannot tell” is not “did not work”: the pilot may have been too small.",
            "The verdict is about the outcome that was measured. It is never turned into a child’s later income.",
            "A pilot without a lottery leans on assumptions that no test can confirm.",
        ),
        "Imbens and Rubin (2015), Causal Inference for Statistics, Social, and Biomedical Sciences; the rule itself is "
        "the portal’s own",
    ),
    MethodEntry(
        PILOT_DOLLARS,
        "Dollars by evidence",
        "How much of the money paid for something that was tested?",
        (
            "Each dollar in the ledger counts once. It goes to the verdict of the pilot it is linked to, then to the "
            "verdict of its project, or of its plan’s project or pilot.",
            "If it is linked to pilots with different verdicts, no verdict gets it: it counts with its project.",
            "Without a verdict it counts as reported by others, being tested, not tested, or not linked to a project.",
            "Made-up money and made-up pilots never meet recorded ones.",
        ),
        (),
        (),
        (
            "It says what is known of what the money paid for, not what the money changed.",
            "Links are read as they are today, also for a past day.",
        ),
        "The portal’s ledger and its published results",
    ),
)
