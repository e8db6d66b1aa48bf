"""The declaration: each success criterion of WCAG 2.2 at levels A and AA, and Section 508's chapters.

Change it with what changes in the portal, then write the paper again: `manage.py accessibility_report`.
"""

from mobility_portal.accessibility.records import Chapter, Criterion, KnownException, Support

_FULL, _PARTIAL, _UNUSED, _UNKNOWN = Support.FULL, Support.PARTIAL, Support.UNUSED, Support.UNKNOWN

_BROWSER = "tests/browser/test_accessibility.py::"
AXE = tuple(
    _BROWSER + name
    for name in ("test_every_page_of_a_stranger", "test_every_page_of_a_role", "test_every_page_of_an_operator")
)
_KEYS = _BROWSER + "test_a_reader_without_a_mouse_reaches_everything"
_COLORS = _BROWSER + "test_forced_colors_keep_the_map_and_the_focus"
_STILL = _BROWSER + "test_nothing_moves_for_who_asks_for_less_motion"
_SPACED = _BROWSER + "test_nothing_is_cut_where_a_reader_spaces_text_wider"
_MAP_KEYS = "tests/browser/test_map.py::test_one_stop_for_the_keyboard_arrows_enter_and_escape"
_MAP_LINKS = "tests/browser/test_map.py::test_without_a_script_each_tract_is_a_link"
_MAP_WORDS = "tests/browser/test_map.py::test_views_change_map_key_address_and_the_words_for_listeners"
_PDF_CITY = "tests/dashboards/places/test_profile_paper.py::test_title_publisher_language_and_tags_for_those_who_listen"
_PDF_REPORT = "tests/dashboards/reports/test_portfolio_reports.py::test_the_pdf_says_every_printed_word_and_is_tagged"
_PDFS = (_PDF_CITY, _PDF_REPORT)
_TABLE = "tests/dashboards/panels/test_html_table.py::test_each_row_has_a_heading_a_key_and_a_way_to_its_tract"
_ERRORS = (
    "tests/engagements/base/test_form_layout.py::test_what_is_wrong_is_linked_and_the_first_of_it_has_the_focus",
    "tests/browser/test_operating.py::test_what_is_wrong_stands_at_the_field",
)
_LABELS = "tests/browser/test_operating.py::test_every_field_has_a_label_and_the_keyboard_reaches_all"
_BOARD = "tests/browser/test_work_board.py::test_a_quarter_is_planned_by_the_keyboard_alone"
_BOARD_FORMS = "tests/browser/test_work_board.py::test_on_a_phone_it_is_a_list_with_the_same_forms"
_KEPT = (
    "tests/engagements/base/test_typed_text_kept.py::test_without_a_session_it_comes_back_with_one_button_to_sign_in"
)

NO_MEDIA = "The portal has no sound and no video."
PERCEIVABLE = (
    Criterion(
        "1.1.1",
        "Non-text Content",
        "A",
        _FULL,
        (*AXE, *_PDFS, _MAP_WORDS),
        "Every chart and map has a table with the same numbers.",
    ),
    Criterion("1.2.1", "Audio-only and Video-only (Prerecorded)", "A", _UNUSED, (), NO_MEDIA),
    Criterion("1.2.2", "Captions (Prerecorded)", "A", _UNUSED, (), NO_MEDIA),
    Criterion("1.2.3", "Audio Description or Media Alternative (Prerecorded)", "A", _UNUSED, (), NO_MEDIA),
    Criterion("1.2.4", "Captions (Live)", "AA", _UNUSED, (), NO_MEDIA),
    Criterion("1.2.5", "Audio Description (Prerecorded)", "AA", _UNUSED, (), NO_MEDIA),
    Criterion("1.3.1", "Info and Relationships", "A", _FULL, (*AXE, _TABLE, *_PDFS)),
    Criterion(
        "1.3.2",
        "Meaningful Sequence",
        "A",
        _FULL,
        (_KEYS, *_PDFS),
        "Pages read in the order of their source; PDF files in that of their tags.",
    ),
    Criterion(
        "1.3.3",
        "Sensory Characteristics",
        "A",
        _FULL,
        (),
        "Instructions name what they are about, not its place or color.",
    ),
    Criterion("1.3.4", "Orientation", "AA", _FULL, AXE, "Pages are tried upright and wide."),
    Criterion(
        "1.3.5", "Identify Input Purpose", "AA", _FULL, AXE, "Name, email and password fields say what they are for."
    ),
    Criterion(
        "1.4.1",
        "Use of Color",
        "A",
        _FULL,
        (_COLORS,),
        "A status has an icon and a word. Colors on a map are in its table too.",
    ),
    Criterion("1.4.2", "Audio Control", "A", _UNUSED, (), NO_MEDIA),
    Criterion("1.4.3", "Contrast (Minimum)", "AA", _FULL, AXE),
    Criterion("1.4.4", "Resize Text", "AA", _FULL, AXE, "Tried at 400%."),
    Criterion("1.4.5", "Images of Text", "AA", _FULL, (), "Charts are drawn with text that is text."),
    Criterion("1.4.10", "Reflow", "AA", _FULL, AXE, "At 320 pixels nothing but tables and maps scrolls sideways."),
    Criterion(
        "1.4.11",
        "Non-text Contrast",
        "AA",
        _PARTIAL,
        (_COLORS,),
        "Neighboring classes of a map can be closer than 3:1; outlines and the table tell them apart.",
    ),
    Criterion("1.4.12", "Text Spacing", "AA", _FULL, (_SPACED,), "Tried on five kinds of pages."),
    Criterion(
        "1.4.13",
        "Content on Hover or Focus",
        "AA",
        _PARTIAL,
        (_MAP_KEYS,),
        "The label at the mouse on a map can’t be pointed at. The card of a tract stays and closes with Escape.",
    ),
)
OPERABLE = (
    Criterion("2.1.1", "Keyboard", "A", _FULL, (_KEYS, _MAP_KEYS, _BOARD, _LABELS)),
    Criterion("2.1.2", "No Keyboard Trap", "A", _FULL, (_KEYS, _MAP_KEYS)),
    Criterion(
        "2.1.4", "Character Key Shortcuts", "A", _PARTIAL, (), "“/” goes to the search box and can’t be turned off."
    ),
    Criterion(
        "2.2.1",
        "Timing Adjustable",
        "A",
        _FULL,
        (_KEPT,),
        "A session lasts for days, 30 minutes on a shared computer. What was typed comes back after signing in again.",
    ),
    Criterion("2.2.2", "Pause, Stop, Hide", "A", _FULL, (_STILL,), "Nothing moves by itself."),
    Criterion("2.3.1", "Three Flashes or Below Threshold", "A", _FULL, (_STILL,), "Nothing flashes."),
    Criterion("2.4.1", "Bypass Blocks", "A", _FULL, (_KEYS, *AXE)),
    Criterion("2.4.2", "Page Titled", "A", _FULL, (*AXE, *_PDFS)),
    Criterion("2.4.3", "Focus Order", "A", _FULL, (_KEYS,)),
    Criterion(
        "2.4.4",
        "Link Purpose (In Context)",
        "A",
        _FULL,
        AXE,
        "That a link has a name is tested; whether it says enough was read.",
    ),
    Criterion(
        "2.4.5",
        "Multiple Ways",
        "AA",
        _FULL,
        ("tests/browser/test_finding.py::test_work_is_found_by_keyboard_under_its_kind",),
        "Navigation and search.",
    ),
    Criterion("2.4.6", "Headings and Labels", "AA", _FULL, (_LABELS, *_PDFS)),
    Criterion("2.4.7", "Focus Visible", "AA", _FULL, (_KEYS, _COLORS)),
    Criterion(
        "2.4.11",
        "Focus Not Obscured (Minimum)",
        "AA",
        _FULL,
        (_KEYS,),
        "Tried on a city’s page; other pages have the same header.",
    ),
    Criterion(
        "2.5.1",
        "Pointer Gestures",
        "A",
        _PARTIAL,
        (),
        "A map is zoomed by two fingers, its buttons or the keyboard, and moved by dragging or the keyboard only.",
    ),
    Criterion("2.5.2", "Pointer Cancellation", "A", _FULL, (), "Buttons act when they are let go."),
    Criterion(
        "2.5.3",
        "Label in Name",
        "A",
        _FULL,
        (),
        "Read in the pages; the check of axe-core is experimental and not used.",
    ),
    Criterion("2.5.4", "Motion Actuation", "A", _UNUSED, (), "Nothing is done by moving a device."),
    Criterion(
        "2.5.7",
        "Dragging Movements",
        "AA",
        _PARTIAL,
        (_BOARD_FORMS, _MAP_LINKS),
        "Cards move by form too. An enlarged map is moved by dragging or the keyboard; its table has every tract.",
    ),
    Criterion(
        "2.5.8",
        "Target Size (Minimum)",
        "AA",
        _PARTIAL,
        AXE,
        "Small tracts on a map are smaller than 24 pixels; the table and the search lead to each.",
    ),
)
UNDERSTANDABLE = (
    Criterion("3.1.1", "Language of Page", "A", _FULL, (*AXE, *_PDFS)),
    Criterion("3.1.2", "Language of Parts", "AA", _UNUSED, (), "Everything is in English."),
    Criterion("3.2.1", "On Focus", "A", _FULL, (_KEYS,)),
    Criterion(
        "3.2.2",
        "On Input",
        "A",
        _FULL,
        (),
        "A choice is carried out by a button or link, or changes the list beside it.",
    ),
    Criterion(
        "3.2.3",
        "Consistent Navigation",
        "AA",
        _FULL,
        ("tests/test_navigation.py::test_strangers_get_the_same_header_each_time_and_no_token",),
    ),
    Criterion("3.2.4", "Consistent Identification", "AA", _FULL, (), "Icons and words come from one place."),
    Criterion("3.2.6", "Consistent Help", "A", _FULL, (), "“Report a problem” is in the footer of every page."),
    Criterion("3.3.1", "Error Identification", "A", _FULL, _ERRORS),
    Criterion("3.3.2", "Labels or Instructions", "A", _FULL, (*AXE, _LABELS)),
    Criterion("3.3.3", "Error Suggestion", "AA", _FULL, _ERRORS),
    Criterion(
        "3.3.4",
        "Error Prevention (Legal, Financial, Data)",
        "AA",
        _FULL,
        ("tests/browser/test_money_journey.py::test_a_finance_table_and_an_entry_by_a_program",),
        "Money is checked before it is kept and can be reversed.",
    ),
    Criterion("3.3.7", "Redundant Entry", "A", _FULL, (_KEPT,)),
    Criterion(
        "3.3.8",
        "Accessible Authentication (Minimum)",
        "AA",
        _FULL,
        ("tests/browser/test_signing_in.py::test_a_passkey_signs_in_alone",),
        "A passkey, or a password that may be pasted. There are no puzzles.",
    ),
)
ROBUST = (
    Criterion(
        "4.1.2", "Name, Role, Value", "A", _PARTIAL, (*AXE, _MAP_KEYS), "Not in the viewer of the API’s description."
    ),
    Criterion(
        "4.1.3",
        "Status Messages",
        "AA",
        _PARTIAL,
        (_MAP_WORDS,),
        "Messages of the portal have a role that is read out. Tried on maps, not on every page.",
    ),
)
WCAG = (
    Chapter("1", "Perceivable", "", PERCEIVABLE),
    Chapter("2", "Operable", "", OPERABLE),
    Chapter("3", "Understandable", "", UNDERSTANDABLE),
    Chapter("4", "Robust", "", ROBUST),
)

_NOBODY = "No person who depends on it has tried the portal."
SECTION_508 = (
    Chapter(
        "3",
        "Functional performance criteria",
        "How the portal serves people with different abilities. Tests can’t answer this; people who have them can.",
        (
            Criterion(
                "302.1",
                "Without vision",
                "",
                _UNKNOWN,
                (),
                f"{_NOBODY} Names, roles, order and words for pictures are tested.",
            ),
            Criterion(
                "302.2",
                "With limited vision",
                "",
                _UNKNOWN,
                (),
                f"{_NOBODY} 400% zoom, contrast and forced colors are tested.",
            ),
            Criterion(
                "302.3",
                "Without perception of color",
                "",
                _UNKNOWN,
                (),
                f"{_NOBODY} Charts and maps use colors that are told apart without red and green.",
            ),
            Criterion("302.4", "Without hearing", "", _UNUSED, (), NO_MEDIA),
            Criterion("302.5", "With limited hearing", "", _UNUSED, (), NO_MEDIA),
            Criterion("302.6", "Without speech", "", _UNUSED, (), "Nothing asks for speech."),
            Criterion(
                "302.7", "With limited manipulation", "", _UNKNOWN, (), f"{_NOBODY} The keyboard alone is tested."
            ),
            Criterion("302.8", "With limited reach and strength", "", _UNKNOWN, (), _NOBODY),
            Criterion(
                "302.9",
                "With limited language, cognitive and learning abilities",
                "",
                _UNKNOWN,
                (),
                f"{_NOBODY} Reading grade and words are tested.",
            ),
        ),
    ),
    Chapter("4", "Hardware", "Not applicable: the portal is no hardware."),
    Chapter(
        "5",
        "Software",
        "The portal is a website; web content is judged by WCAG above.",
        (
            Criterion(
                "502",
                "Interoperability with assistive technology",
                "",
                _UNUSED,
                (),
                "It runs in browsers, and theirs is the interface to assistive technology.",
            ),
            Criterion(
                "503",
                "Applications",
                "",
                _FULL,
                (_STILL, _COLORS),
                "The settings of a person’s system for motion and colors hold.",
            ),
            Criterion(
                "504",
                "Authoring tools",
                "",
                _PARTIAL,
                _PDFS,
                "Reports are tagged PDF files, slides and tables. What people upload is kept as it is and not checked.",
            ),
        ),
    ),
    Chapter(
        "6",
        "Support documentation and services",
        "",
        (
            Criterion(
                "602",
                "Support documentation",
                "",
                _FULL,
                AXE,
                "Methods and help are pages of the portal. The papers for who runs it are plain text with headings.",
            ),
            Criterion(
                "603",
                "Support services",
                "",
                _UNKNOWN,
                (),
                "The house that runs the portal answers the address in the footer.",
            ),
        ),
    ),
)

EXCEPTIONS = (
    KnownException(
        "The viewer of the API’s description",
        ("4.1.2",),
        "It is Swagger’s own script: each operation is a button with a link inside. The same description is a file "
        "that programs and editors read.",
    ),
    KnownException(
        "Maps",
        ("1.4.11", "1.4.13", "2.5.1", "2.5.7", "2.5.8"),
        "Tracts can be small and near in color, and an enlarged map is moved by dragging or by the keyboard. Every map "
        "has a table with the same numbers, and each tract a page of its own that the search finds.",
    ),
    KnownException(
        "The shortcut “/”",
        ("2.1.4",),
        "It leads to the search box and can’t be turned off. It does nothing while somebody is writing.",
    ),
    KnownException("Messages", ("4.1.3",), "That each is read out was tried on maps, not on every page."),
    KnownException("Uploaded files", ("504",), "A document that somebody uploads is as accessible as they made it."),
)
