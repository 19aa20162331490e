"""What exported records call the fields of an article."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from analyzers import fold

__all__ = ["DEFAULT_NAMES", "FIELDS", "FieldNames", "UnknownFieldError", "key_form"]

#: Keys as `key_form` writes them, the best first: of news-please, scrapy, WordPress, Ghost,
#: schema.org, ninjs, NewsAPI, RSS and Dublin Core, and headers that Vietnamese people write.
FIELDS: Final[dict[str, str]] = {
    "id": "id _id guid uuid docid documentid articleid newsid postid objectid uri ma maso mabai "
    "idbai idbaiviet identifier",
    "headline": "headline title headlines tieude tieudebai tieudebaiviet tenbai "
    "tenbaiviet tuade tua tit articletitle newstitle posttitle pagetitle titletext ogtitle "
    "webtitle headlinemain heading name",
    "lead": "lead sapo description summary excerpt abstract tomtat mota motangan loidan doandan "
    "chapeau standfirst dek deck teaser intro introtext introduction customexcerpt "
    "shortdescription shortcontent metadescription descriptiontext ogdescription snippet "
    "subheadline subtitle trichdan trailtext summarytext descriptions",
    "body": "body content maintext text articlebody bodytext fulltext fullcontent noidung "
    "noidungbaiviet articletext articlecontent newscontent postcontent bodyhtml bodyxhtml "
    "contenthtml contenttext contentencoded encoded contentraw rawcontent rawtext cleanedtext "
    "cleantext plaintext plain html bodies contents story paragraphs toanvan chitiet thanbai "
    "baiviet document lexical leadparagraph blocks",
    "captions": "captions caption chuthich chuthichanh imagecaptions imagecaption photocaption",
    "url": "url link href permalink canonicalurl canonical weburl articleurl newsurl pageurl "
    "posturl originalurl sourceurl urlgoc duongdan lienket linkgoc linkbai linkbaiviet guidurl "
    "ogurl alternate mainentityofpage loc",
    "source": "source sourcename publisher outlet newspaper provider sourcedomain sitename site "
    "domain website host hostname media nguon nguontin tenbao bao toasoan coquanbaochi infosources "
    "infosource ogsitename publication publicationname agency channelname",
    "authors": "authors author byline bylines creator creators dccreator tacgia tentacgia "
    "nguoiviet phongvien butdanh writer writers reporter reporters journalist journalists "
    "authorname authornames authorslist contributor contributors primaryauthor by",
    "section": "section category categories topic topics cat catname categoryname chuyenmuc "
    "danhmuc muc tenmuc chuyentrang articlesection sectionname rubric channel desk primarytag "
    "maincategory theloai linhvuc",
    "tags": "tags tag keywords keyword newskeywords metakeywords tukhoa tukhoas hashtags hashtag "
    "the chude articletags taglist subject subjects",
    "published": "published publishedat datepublished datepublish publishdate publisheddate "
    "publishedtime publishtime publishat publicationdate publicationtime publishedon dateline "
    "pubdate pubtime pubat firstpublished firstpublicationdate articlepublishedtime posteddate "
    "postdate postedat posttime releasedate dcdate ngaydang ngaydangtin ngaydangbai "
    "ngayxuatban ngayviet ngaydangtai thoigiandang thoigianxuatban thoigian ngay ngaythang "
    "date dategmt datetime displaydate time timestamp issued firstcreated contentcreated "
    "versioncreated created createdat createdon createddate datecreated createtime creationdate "
    "ngaytao uploaddate webpublicationdate publishedparsed seendate",
    "updated": "updated updatedat datemodified datemodify modified modifiedat modifieddate "
    "modifiedgmt lastmodified lastmod lastupdated lastupdate updatetime updatedtime updatedate "
    "dateupdated articlemodifiedtime ngaycapnhat capnhat ngaysua thoigiancapnhat editedat changed "
    "updatedparsed",
    "related": "related relatedarticles relatednews relatedposts relatedlinks tinlienquan "
    "lienquan baivietlienquan",
}
_LETTERS: Final = re.compile(r"[^a-z0-9_]+")


class UnknownFieldError(ValueError):
    """A mapping names a field that articles do not have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        near = get_close_matches(self.name, FIELDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {' '.join(FIELDS)}"
        return f"Articles have no field {self.name!r}: {hint}"


def key_form(key: str) -> str:
    """A key without case, marks and what stands between its words.

    >>> key_form("Ngày đăng"), key_form("date_published"), key_form("dc:creator"), key_form("_id")
    ('ngaydang', 'datepublished', 'dccreator', '_id')
    """
    form = _LETTERS.sub("", key.lower() if key.isascii() else fold(key.casefold()))
    return form if form == "_id" else form.replace("_", "")


def _known_form(key: str) -> str:
    """The form of a key, without what explains it: "Tiêu đề (bắt buộc)"."""
    form = key_form(key)
    return key_form(key.partition("(")[0]) if "(" in key and form not in _PLACES else form


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The keys under which records hold the fields of articles.

    Args:
        mapped: pairs of a field and the key that holds it, which go before all other names; a key
            may be a path, "data.ten_bai".

    Raises:
        UnknownFieldError: a pair names no field.
    """

    mapped: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for field, _ in self.mapped:
            if field not in FIELDS:
                raise UnknownFieldError(field)

    def keys(self, record: Mapping[str, object]) -> dict[str, list[str]]:
        """The record's own keys that hold a field, the best first, by field."""
        found: dict[str, list[str]] = {}
        for field, key in self.mapped:
            found.setdefault(field, []).append(key)
        taken = {key for _, key in self.mapped}
        usual = [
            (*_PLACES[form], key)
            for key in record
            if key not in taken and (form := _known_form(key)) in _PLACES
        ]
        for _, field, key in sorted(usual):
            found.setdefault(field, []).append(key)
        return found


#: How good a name is for its field, and the field.
_PLACES: Final = {
    name: (place, field)
    for field, names in FIELDS.items()
    for place, name in enumerate(names.split())
}
DEFAULT_NAMES: Final = FieldNames()
