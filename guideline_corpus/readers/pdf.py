"""Opens PDF files; with `pdf_witness.py` the only corpus file that names a PDF library.

pypdfium2 draws no conclusions here: each page is taken down as words, lines and hidden text (`pdf_page.py`), and what
they mean is decided in `pdf_layout.py` and `pdf_structure.py`. Text that a reader of the printed page would not see
(drawn invisibly, in white on white, tiny, or off the page) is kept apart and never becomes guideline text.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers import pdf_page
from guideline_corpus.readers.pdf_page import HiddenWords, Look, OutlineEntry, PdfContent, PdfPage, Rule, Word
from guideline_corpus.readers.pdf_structure import compose_pdf
from guideline_corpus.readers.source_text import SourceText

MOST_PAGES = 1_500
MOST_OBJECTS = 6_000
MOST_SEGMENTS = 600
TINY = 3.0
WHITE = 245
INVISIBLE, CLIPPING = 3, 7
LINE_END_HYPHENS = frozenset("\x02\ufffe")
# A hyphen that is drawn is a hyphen, whatever the file calls it; ligatures are letters.
DRAWN = str.maketrans(
    {"\x02": "-", "\ufffe": "-", "\xad": "-", "\0": "", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
    | {"ﬅ": "st", "ﬆ": "st"}
)
ITALIC_FLAG, FORCE_BOLD_FLAG = 1 << 6, 1 << 18
MOST_BOLD = 0.6
WORD_GAP, BACKWARDS = 0.17, 1.5
BOLD_NAMES = ("bold", "black", "heavy", "demi", "l-medi", "cmbx", "ecbx", "sfbx", "cmssbx")
ITALIC_NAMES = ("ital", "obli", "slant", "cmti", "cmsl", "ecti", "ecsl", "sfti")


def read_pdf(content: bytes, *, name: str, page_offset: int | None) -> SourceText:
    """The text of a PDF. Raises SourceUnreadable where the file cannot be opened, or a page of it cannot be read."""
    return compose_pdf(open_pdf(content, name=name), page_offset=page_offset)


def open_pdf(content: bytes, *, name: str) -> PdfContent:
    """What is drawn on every page. Raises SourceUnreadable."""
    try:
        with pdfium.PdfDocument(content) as file:
            if len(file) > MOST_PAGES:
                raise SourceUnreadable(f"{name} has {len(file)} pages; the limit is {MOST_PAGES}, split it.")
            if not len(file):
                raise SourceUnreadable(f"{name} has no pages; ask for a new copy.")
            return PdfContent(
                pages=_pages(file, name),
                labels=_labels(file),
                outline=tuple(_outline(file)),
                title=(file.get_metadata_value("Title") or "").strip() or None,
                notices=_restrictions(file),
            )
    except pdfium.PdfiumError as error:
        raise SourceUnreadable(_why(str(error), content, name)) from None


def _why(reason: str, content: bytes, name: str) -> str:
    if "password" in reason.lower() or "security" in reason.lower():
        return f"{name} is encrypted; save a copy without a password and add that."
    if b"%%EOF" not in content[-2048:]:
        return f"{name} is cut off: it has no end; ask for a new copy."
    return f"{name} is damaged and cannot be opened as a PDF; ask for a new copy."


def _restrictions(file: Any) -> tuple[str, ...]:
    if raw.FPDF_GetSecurityHandlerRevision(file) < 0:
        return ()
    return ("The owner of the file restricts copying or printing; check that you may use its text.",)


def _labels(file: Any) -> tuple[str, ...] | None:
    labels = tuple(file.get_page_label(number) or "" for number in range(len(file)))
    return labels if any(labels) else None


def _outline(file: Any) -> Iterator[OutlineEntry]:
    for entry in file.get_toc(max_depth=8):
        destination = entry.get_dest()
        page = destination.get_index() if destination else None
        yield OutlineEntry(entry.level + 1, " ".join(entry.get_title().split()), None if page is None else page + 1)


def _pages(file: Any, name: str) -> tuple[PdfPage, ...]:
    """Every page. Where a file calls most of its type bold, only what its fonts are named tells bold from plain."""
    pages = tuple(_page(file, number, name) for number in range(len(file)))
    letters = sum(len(word.text) for page in pages for word in page.words)
    bold = sum(len(word.text) for page in pages for word in page.words if word.look.bold)
    if bold <= MOST_BOLD * letters:
        return pages
    return tuple(_page(file, number, name, by_name=True) for number in range(len(file)))


def _page(file: Any, number: int, name: str, *, by_name: bool = False) -> PdfPage:
    try:
        page = file[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        raise SourceUnreadable(f"{name}: page {number + 1} of the file is damaged; ask for a new copy.") from None
    try:
        return _PageReader(page, text, number + 1, by_name=by_name).read()
    finally:
        text.close()
        page.close()


def unseen_words(page: Any, text: Any) -> pdf_page.Unseen:
    """What is hidden on a page of pypdfium2 and its text page, for whoever reads the rest of the page otherwise."""
    return _PageReader(page, text, 0, by_name=False).unseen()


class _Drawn(NamedTuple):
    rules: tuple[Rule, ...]
    backgrounds: tuple[tuple[float, float, float, float], ...]
    image_share: float


_NOTHING = _Drawn((), (), 0.0)


class _Setting(NamedTuple):
    """What one text object gives to all its words; `base` holds for them where they are not turned."""

    base: float
    size: float
    turned: bool
    bold: bool
    italic: bool
    invisible: bool
    white: bool


class _PageReader:
    """Reads one page. The positions that pdfium gives are turned with the page (`_turn`)."""

    def __init__(self, page: Any, text: Any, file_page: int, *, by_name: bool) -> None:
        self.page, self.text, self.file_page, self.by_name = page.raw, text.raw, file_page, by_name
        self.rotation = page.get_rotation()
        left, bottom, right, top = page.get_bbox()
        self.box = (left, bottom, right, top)
        self.size = (right - left, top - bottom) if self.rotation % 180 == 0 else (top - bottom, right - left)
        self._settings: dict[int, _Setting] = {}
        self._held_box = raw.FS_RECTF()

    def read(self) -> PdfPage:
        """The page with its words in the order of the file."""
        drawn = self._drawn()
        words: list[Word] = []
        hidden: list[HiddenWords] = []
        letters = 0
        for text, first, last in self._spelled():
            letters += sum(letter.isalnum() for letter in text)
            word, reason = self._word(text, first, last, drawn)
            if reason:
                hidden.append(HiddenWords(reason, text))
            else:
                words.append(word)
        return PdfPage(
            file_page=self.file_page,
            width=self.size[0],
            height=self.size[1],
            words=tuple(words),
            rules=drawn.rules,
            hidden=tuple(hidden),
            letters=letters,
            image_share=drawn.image_share,
        )

    def unseen(self) -> pdf_page.Unseen:
        """See `unseen_words`. What is drawn beside text is looked at only where some of it is white or invisible."""
        words = tuple(self._unseen())
        invisible = any(word.reason == pdf_page.INVISIBLE_TEXT for word in words)
        return pdf_page.Unseen(words, self._drawn().image_share if invisible else 0.0)

    def _unseen(self) -> Iterator[pdf_page.UnseenWords]:
        drawn: _Drawn | None = None
        for text, first, last in self._unspaced():
            if drawn is None and self._setting(first).white:
                drawn = self._drawn()
            _, reason = self._word(text, first, last, drawn or _NOTHING)
            if reason:
                yield pdf_page.UnseenWords(reason, text.translate(DRAWN), first, last)

    def _spelled(self) -> Iterator[tuple[str, int, int]]:
        """Each word with the indices of its first and last character, parted where a gap parts it on the page.

        Many programs move on instead of writing a space, and pdfium does not see every such move.
        """
        for letters, first, last in self._unspaced():
            cuts = self._gaps(first, last) if last - first == len(letters) - 1 and last > first else []
            at = 0
            for cut in (*cuts, len(letters)):
                if drawn := letters[at:cut].translate(DRAWN):
                    yield drawn, first + at, first + cut - 1
                at = cut

    def _gaps(self, first: int, last: int) -> list[int]:
        """Where in a word the next letter stands clearly apart from the one before it, or on another line."""
        setting = self._setting(first)
        if setting.turned:
            return []
        boxes = [self._char_box(index) for index in range(first, last + 1)]
        gaps = [right[0] - left[2] for left, right in pairwise(boxes)]
        # Letters that are spaced out all stand apart; a word ends where they stand further apart than that.
        usual = max(sorted(gaps)[(len(gaps) - 1) // 2], 0.0) if len(gaps) > 2 else 0.0
        size = max(setting.size, 1.0)
        return [
            at
            for at, (gap, (before, after)) in enumerate(zip(gaps, pairwise(boxes), strict=True), start=1)
            if gap - usual > WORD_GAP * size or gap < -BACKWARDS * size or pdf_page.on_another_line(before, after)
        ]

    def _unspaced(self) -> Iterator[tuple[str, int, int]]:
        """What stands between white space, as written, with the indices of its first and last character."""
        first, letters = 0, ""
        for index, letter in enumerate(self._characters()):
            ends_word = letter in LINE_END_HYPHENS
            if not letter.isspace() and letter != "\0":
                first, letters = (index, letter) if not letters else (first, letters + letter)
            if letters and (ends_word or letter.isspace()):
                yield letters, first, index if ends_word else index - 1
                letters = ""
        if letters:
            yield letters, first, index

    def _characters(self) -> str | list[str]:
        """The characters of the page, one for each index of pdfium."""
        count = raw.FPDFText_CountChars(self.text)
        if count <= 0:
            return ""
        buffer = ctypes.create_string_buffer(2 * (count + 1))
        copied = raw.FPDFText_GetText(self.text, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
        text = buffer.raw[: 2 * max(copied - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        # Characters that have no Unicode are passed over in one go; then each is asked for.
        return [pdf_page.letter_of(raw.FPDFText_GetUnicode(self.text, index)) for index in range(count)]

    def _word(self, text: str, first: int, last: int, drawn: _Drawn) -> tuple[Word, str | None]:
        setting = self._setting(first)
        begin = self._char_box(first)
        end = self._char_box(last) if last != first else begin
        word = Word(
            text=text,
            x0=min(begin[0], end[0]),
            x1=max(begin[2], end[2]),
            base=self._base(first) if setting.turned else setting.base,
            look=Look(setting.size, setting.bold, setting.italic),
            turned=setting.turned,
        )
        return word, self._why_hidden(word, setting, drawn)

    def _base(self, index: int) -> float:
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self.text, index, x, y)
        return self._turn(x.value, y.value)[1]

    def _is_turned(self, index: int) -> bool:
        angle = (round(raw.FPDFText_GetCharAngle(self.text, index) * 57.2958) + self.rotation) % 180
        return bool(min(angle, 180 - angle) > 20)

    def _why_hidden(self, word: Word, setting: _Setting, drawn: _Drawn) -> str | None:
        middle = ((word.x0 + word.x1) / 2, word.base + word.look.size / 4)
        if setting.invisible:
            return pdf_page.INVISIBLE_TEXT
        if 0 < word.look.size < TINY:
            return "text too small to be seen"
        if not (-1 <= middle[0] <= self.size[0] + 1 and -1 <= middle[1] <= self.size[1] + 1):
            return "text off the page"
        covered = any(x0 <= middle[0] <= x1 and y0 <= middle[1] <= y1 for x0, y0, x1, y1 in drawn.backgrounds)
        return "white text on white" if setting.white and not covered else None

    def _char_box(self, index: int) -> tuple[float, float, float, float]:
        box = self._held_box  # asked for every letter of a file, so that one is filled again and again
        raw.FPDFText_GetLooseCharBox(self.text, index, box)
        if self.rotation == 0 and box.left <= box.right and box.bottom <= box.top:
            left, bottom = self.box[:2]
            return (box.left - left, box.bottom - bottom, box.right - left, box.top - bottom)
        one, other = self._turn(box.left, box.bottom), self._turn(box.right, box.top)
        return (min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))

    def _turn(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        if self.rotation == 0:
            return (x - left, y - bottom)
        if self.rotation == 90:
            return (y - bottom, right - x)
        return (right - x, top - y) if self.rotation == 180 else (top - y, x - left)

    def _setting(self, index: int) -> _Setting:
        drawn = raw.FPDFText_GetTextObject(self.text, index)
        key = ctypes.cast(drawn, ctypes.c_void_p).value or -index - 1
        if key not in self._settings:
            self._settings[key] = self._setting_of(index, drawn)
        return self._settings[key]

    def _setting_of(self, index: int, drawn: Any) -> _Setting:
        name = ctypes.create_string_buffer(160)
        flags = ctypes.c_int()
        raw.FPDFText_GetFontInfo(self.text, index, name, len(name), flags)
        font = name.value.decode("utf-8", "replace").lower()
        mode = raw.FPDFTextObj_GetTextRenderMode(drawn) if drawn else 0
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        coloured = raw.FPDFText_GetFillColor(self.text, index, red, green, blue, alpha)
        return _Setting(
            base=self._base(index),
            size=self._size(index),
            turned=self._is_turned(index),
            bold=any(part in font for part in BOLD_NAMES) or (not self.by_name and self._is_heavy(index, flags.value)),
            italic=any(part in font for part in ITALIC_NAMES) or bool(flags.value & ITALIC_FLAG),
            invisible=mode in (INVISIBLE, CLIPPING) or bool(coloured and alpha.value == 0),
            white=bool(coloured) and mode in (0, 4) and min(red.value, green.value, blue.value) >= WHITE,
        )

    def _is_heavy(self, index: int, flags: int) -> bool:
        return raw.FPDFText_GetFontWeight(self.text, index) >= 600 or bool(flags & FORCE_BOLD_FLAG)

    def _size(self, index: int) -> float:
        """The size of type in points as it is shown; the height of its box where the font does not say it."""
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text, index, matrix)
        size = raw.FPDFText_GetFontSize(self.text, index) * math.hypot(matrix.c, matrix.d)
        box = self._char_box(index)
        height = box[3] - box[1]
        return round(size if 0.4 * height <= size <= 3 * height or not height else height, 1)

    def _drawn(self) -> _Drawn:
        rules: list[Rule] = []
        backgrounds = []
        images = 0.0
        for at in range(min(raw.FPDFPage_CountObjects(self.page), MOST_OBJECTS)):
            item = raw.FPDFPage_GetObject(self.page, at)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                rules += self._rules(item)
                if _is_filled(item):
                    backgrounds.append(self._bounds(item))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                box = self._bounds(item)
                backgrounds.append(box)
                images += max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
        area = max(1.0, self.size[0] * self.size[1])
        return _Drawn(tuple(rules), tuple(backgrounds), min(1.0, images / area))

    def _bounds(self, item: Any) -> tuple[float, float, float, float]:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        one, other = self._turn(left.value, bottom.value), self._turn(right.value, top.value)
        return (min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))

    def _rules(self, path: Any) -> Iterator[Rule]:
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(path, matrix)
        begin = last = None
        for at in range(min(raw.FPDFPath_CountSegments(path), MOST_SEGMENTS)):
            segment = raw.FPDFPath_GetPathSegment(path, at)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = self._turn(
                matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f
            )
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO or last is None:
                begin = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                yield from pdf_page.straight(last, point)
            last = point
            if raw.FPDFPathSegment_GetClose(segment) and begin is not None:
                yield from pdf_page.straight(point, begin)


def _is_filled(path: Any) -> bool:
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, mode, stroked) or mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
    return alpha.value > 0 and min(red.value, green.value, blue.value) < WHITE
