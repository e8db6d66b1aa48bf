"""How wide letters are on slides, without any font being there: thousandths of the letters' size.

Calibri's are those of Carlito, which was drawn to the same widths. Georgia's are those of DejaVu Serif Bold, which is
wider and stands in for it where Georgia is missing: what fits by these widths fits in both.
"""

from typing import Literal

Face = Literal["calibri", "calibri bold", "georgia bold"]

_LETTERS = (
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~–—−’‘“”…·•±×°§éñ½"
)
_CALIBRI = (
    "226 326 401 498 507 715 682 221 303 303 498 498 250 306 252 386 507 507 507 507 "
    "507 507 507 507 507 507 268 268 498 498 498 463 894 579 544 533 615 488 459 631 "
    "623 252 319 520 420 855 646 662 517 673 543 459 487 642 567 890 519 487 468 307 "
    "386 307 498 498 291 479 525 423 525 498 305 471 525 229 239 455 229 799 525 527 "
    "525 525 349 391 335 525 452 715 433 453 395 314 460 314 498 498 905 498 250 250 "
    "418 418 690 252 498 498 498 339 498 498 525 671"
)
_CALIBRI_BOLD = (
    "226 326 438 498 507 729 705 233 312 312 498 498 258 306 267 430 507 507 507 507 "
    "507 507 507 507 507 507 276 276 498 498 498 463 898 606 561 529 630 488 459 637 "
    "631 267 331 547 423 874 659 676 532 686 563 473 495 653 591 906 551 520 478 325 "
    "430 325 498 498 300 494 537 418 537 503 316 474 537 246 255 480 246 813 537 538 "
    "537 537 355 399 347 537 473 745 459 474 397 344 475 344 498 498 905 498 258 258 "
    "435 435 711 268 498 498 498 342 498 503 537 691"
)
_GEORGIA_BOLD = (
    "348 439 521 838 696 950 903 306 473 473 523 838 348 415 348 365 696 696 696 696 "
    "696 696 696 696 696 696 369 369 838 838 838 586 1000 776 845 796 867 762 710 854 "
    "945 468 473 869 703 1107 914 871 752 871 831 722 744 872 776 1123 776 714 730 473 "
    "365 473 838 500 500 648 699 609 699 636 430 699 727 380 362 693 380 1058 727 667 "
    "699 699 527 563 462 727 581 861 596 581 568 643 364 643 838 500 1000 838 348 348 "
    "575 575 1000 348 639 838 838 500 523 636 727 1043"
)
_WIDEST_KNOWN = 1000  # a letter of another script or a sign


def _read(said: str) -> dict[str, int]:
    return dict(zip(_LETTERS, map(int, said.split()), strict=True))


WIDTHS: dict[Face, dict[str, int]] = {
    "calibri": _read(_CALIBRI),
    "calibri bold": _read(_CALIBRI_BOLD),
    "georgia bold": _read(_GEORGIA_BOLD),
}


def width_of(text: str, size: float, face: Face = "calibri") -> float:
    """Of one line, in the unit of `size`; letters that are not listed count as wide as they are high."""
    known = WIDTHS[face]
    return size / 1000 * sum(known.get(letter, _WIDEST_KNOWN) for letter in text)
