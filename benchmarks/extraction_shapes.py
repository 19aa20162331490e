"""The structure of news pages by outlet: element and class names only, no text of theirs."""

# ruff: noqa: E501  markup is more readable in long lines

from dataclasses import dataclass
from typing import Final

__all__ = ["SHAPES", "Shape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How one outlet builds its pages; `$name` stands for a piece of the article."""

    domain: str
    source: str
    page: str
    """The <body>: $headline, $lead, $date, $section, $author, $body, $sign, $tags, $related, $comments."""
    paragraph: str = "<p>$text</p>"
    heading: str = "<h2>$text</h2>"
    figure: str = "<figure><img src='a.jpg'><figcaption>$text</figcaption></figure>"
    box: str = "<p><a href='$url'>&gt;&gt; $text</a></p>"
    """One related article within the text."""
    related: str = "<h3>Tin liên quan</h3><ul>$links</ul>"
    date: str = "%d/%m/%Y %H:%M"
    """strftime; %A is the Vietnamese weekday."""
    sign: str = "<p style='text-align:right'><strong>$author</strong></p>"
    """Below the text; "" where the author stands above it."""
    lead_prefix: str = ""
    linked: str = "news"
    """JSON-LD: news, site (the paper as author), double (escaped twice), graph, list (an ItemList
    before it), broken, none."""
    crumb: str = "html"
    """Where the section stands: html, ld, meta, or property (itemprop)."""
    times: str = "meta"
    """Where the time stands beside what is shown: meta, ld, property, none."""
    site_name: str = ""
    """og:site_name where it is not the name."""
    keywords: str = "meta"
    author_words: str = "$author"
    """The author as the page shows it."""


_VC_FIGURE: Final = (
    '<figure class="VCSortableInPreviewMode" type="Photo"><div><img src="a.jpg" alt="$text"></div>'
    '<figcaption class="PhotoCMS_Caption"><p data-placeholder="Nhập chú thích ảnh">$text</p>'
    "</figcaption></figure>"
)
_VC_BOX: Final = (
    '<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="$url" title="$text">'
    '<img src="b.jpg"></a><div><h4><a href="$url">$text</a></h4>'
    "<p>Người trong cuộc kể lại những ngày đáng nhớ nhất.</p></div></div>"
)
_EPI_FIGURE: Final = (
    '<table class="picture"><tbody><tr><td class="pic"><img class="cms-photo" src="a.jpg"></td></tr>'
    '<tr><td class="caption"><p>$text</p></td></tr></tbody></table>'
)
_EPI_BOX: Final = (
    '<div class="article-relate"><a class="article-thumb" href="$url"><img></a>'
    '<a class="article-title" href="$url">$text</a></div>'
)
_EPI_PAGE: Final = """<header class="site-header"><div class="date">$today</div><ul class="menu">$menu</ul></header>
<div class="l-content"><ul class="breadcrumbs"><li><a href="/">Trang chủ</a></li><li class="main-cate"><a
href="/s">$section</a></li></ul><article class="article"><header class="article__header"><h1
class="article__title cms-title">$headline</h1></header><div class="article__meta"><a
class="cms-author" href="/tac-gia">$author</a><time class="time" datetime="$iso">$date</time></div>
<div class="article__social"><a>Facebook</a> <a>Zalo</a> <a>Sao chép liên kết</a></div>
<div class="article__sapo cms-desc">$lead</div><div class="article__body zce-content-body cms-body"
itemprop="articleBody">$body$sign</div><div class="article__tag"><h3 class="box-heading">Từ khóa</h3>$tags
</div></article>$related$comments</div>"""
_EPI_RELATED: Final = '<div class="article__related"><h3 class="box-heading">Tin liên quan</h3><div>$links</div></div>'
_VC_PAGE: Final = """<div class="header__top"><div class="header-time">$today</div><a>Đăng nhập</a></div>
<div class="header__nav"><ul class="menu-nav">$menu<li><a class="nav-link">Xem thêm</a><div>$more</div></li></ul>
</div><div class="detail__page"><div class="detail-top"><div class="detail-cate"><a
data-role="cate-name" href="/s.htm">$section</a></div><div class="detail-time"><div
data-role="publishdate">$date GMT+7</div></div></div><h1 class="detail-title article-title"
data-role="title">$headline</h1><div class="detail-author"><div class="author-info"><a class="name"
href="/tac-gia.htm">$author</a></div></div><div class="detail-social"><a>Chia sẻ</a><a>Lưu</a></div>
<h2 class="detail-sapo" data-role="sapo">$lead</h2><div class="detail-cmain"><div
class="detail-content afcbc-body" data-role="content">$body$sign</div></div><div
class="detail__star"><p>Trở thành người đầu tiên tặng sao cho bài viết</p><span>0</span></div>
<div class="detail-tags"><span>Chủ đề:</span>$tags</div>$related$comments</div>"""
_VC_RELATED: Final = (
    '<div class="detail__related"><div class="box-title"><span>Tin liên quan</span></div>'
    '<div class="box-content">$links</div></div>'
)
_VC: Final = {
    "page": _VC_PAGE, "figure": _VC_FIGURE, "box": _VC_BOX, "related": _VC_RELATED, "sign": "",
}  # fmt: skip
_EPI: Final = {
    "page": _EPI_PAGE, "figure": _EPI_FIGURE, "box": _EPI_BOX, "related": _EPI_RELATED,
    "sign": '<div class="article__author"><strong>$author</strong></div>',
}  # fmt: skip

SHAPES: Final = (
    Shape(
        domain="vnexpress.net", source="VnExpress", linked="site", crumb="ld", site_name="vnexpress.net",
        date="%A, %-d/%-m/%Y, %H:%M (GMT+7)", keywords="article:tag",
        paragraph='<p class="Normal">$text</p>', heading='<h2 class="Normal"><strong>$text</strong></h2>',
        figure='<figure class="tplCaption"><div class="fig-picture"><picture><img alt="$text"></picture>'
        '</div><figcaption itemprop="description"><p class="Image">$text</p></figcaption></figure>',
        box='<p class="Normal"><a href="$url">&gt;&gt; $text</a></p>',
        related='<ul class="list-news" data-campaign="Box-Related">$links</ul>',
        sign='<p class="Normal" style="text-align:right;"><strong>$author</strong></p>',
        page="""<section class="section top-header"><span class="time-now">$today</span></section><nav
class="main-nav"><ul class="parent">$menu<li><a>Tất cả</a></li></ul></nav><section class="section page-detail"><div
class="sidebar-1"><div class="header-content width_common"><ul class="breadcrumb"><li><a href="/s">$section</a></li></ul>
<span class="date">$date</span></div><h1 class="title-detail">$headline</h1><p class="description">$lead</p>
<article class="fck_detail">$body$sign</article>$related<div class="footer-content width_common"><a>Trở lại $section</a>
<div class="social"><a>Copy link thành công</a></div></div><div class="tags"><h4>Tags:</h4>$tags</div>
$comments</div><div class="sidebar-2"><h3>Xem nhiều</h3><ul>$more</ul></div></section>""",
    ),
    Shape(domain="tuoitre.vn", source="Tuổi Trẻ", linked="double", site_name="TUOI TRE ONLINE", lead_prefix="TTO - ", **_VC),
    Shape(domain="thanhnien.vn", source="Thanh Niên", linked="graph", site_name="thanhnien.vn", date="%d/%m/%Y %H:%M", **_VC),
    Shape(
        domain="dantri.com.vn", source="Dân trí", lead_prefix="(Dân trí) - ", crumb="meta", times="ld",
        date="%A, %d/%m/%Y - %H:%M", sign="", site_name="Báo điện tử Dân Trí",
        figure='<figure class="image align-center"><img alt="x"><figcaption><p>$text</p></figcaption></figure>',
        box='<div class="article-related-inline"><a href="$url">$text</a></div>', linked="list",
        related='<div class="article-oldest"><h3 class="title">Đọc thêm</h3><div>$links</div></div>',
        page="""<header class="header"><span class="today">$today</span></header><nav class="menu"><ol>$menu<li
class="more"><button>Xem thêm</button><ol>$more</ol></li></ol></nav><main class="body"><article
class="singular-container"><h1 class="title-page detail">$headline</h1><div class="author-wrap"><div
class="author-avatar"><img alt="a"></div><div class="author-meta"><div class="author-name"><a href="/tac-gia"><b>$author</b>
</a></div><time class="author-time" datetime="$isoshort">$date</time></div></div><h2 class="singular-sapo">$lead</h2>
<div class="singular-content">$body</div><div class="tags"><ul class="tags-wrap">$tags</ul></div></article>$related
$comments</main>""",
    ),
    Shape(
        domain="vietnamnet.vn", source="VietNamNet", crumb="ld", site_name="Vietnamnet.vn", sign="",
        date="%A, %d/%m/%Y - %H:%M",
        figure='<figure class="image vnn-content-image"><picture><img></picture><figcaption>$text</figcaption></figure>',
        box='<div class="vnn-template-noneditable in-article"><div class="vnn-title"><h3><a href="$url">$text</a></h3>'
        '</div><div class="sapo">Những chuyện chưa kể của người trong cuộc.</div></div>',
        related='<div class="related-news"><p class="label">Tin cùng chuyên mục</p><div>$links</div></div>',
        page="""<div class="header-top"><span class="date-now">$today</span></div><div class="mainNav"><ul>$menu</ul></div>
<div class="bread-crumb-detail sm-show-time"><ul><li><a href="/" title="home"></a></li><li><a href="/s">$section</a></li>
</ul><div class="bread-crumb-detail__time">$date</div></div><h1 class="content-detail-title">$headline</h1><div
class="article-detail-author"><div class="article-detail-author__info"><span class="name"><a href="/t">$author</a></span>
</div></div><h2 class="content-detail-sapo sm-sapo-mb-0">$lead</h2><div class="maincontent main-content" id="maincontent">
$body</div><div class="audio-player"><p>Nghe đọc bài</p><span>0:00 / 3:45</span></div><div class="tag-cotnent"><ul>$tags</ul>
</div>$related$comments""",
    ),
    Shape(domain="nld.com.vn", source="Người Lao Động", linked="site", site_name="https://nld.com.vn", lead_prefix="(NLĐO)- ",
          crumb="property", author_words="Bài và ảnh: $author", **_VC),
    Shape(
        domain="laodong.vn", source="Lao Động", linked="none", times="property", crumb="html",
        date="%A, %d/%m/%Y %H:%M (GMT+7)", author_words="$author (báo lao động)", sign="",
        figure='<figure class="insert-center-image"><img><figcaption class="image-caption">$text</figcaption></figure>',
        box='<div class="article-related"><a href="$url">$text</a></div>',
        related='<div class="lst-related"><p class="lbl">Tin bài liên quan</p><div>$links</div></div>',
        page="""<div class="top"><div class="date">$today</div></div><div class="nav-bar"><ul>$menu</ul></div><div
class="breadcrumb"><ul><li><a href="/s">$section</a></li></ul></div><h1 class="title">$headline</h1><div
class="m-top"><span class="author">$author</span> | <span class="time">$date</span></div><div class="chappeau"><p>$lead</p></div>
<div class="art-body" id="gallery-ctt">$body</div><div class="keywords"><ul>$tags</ul></div>$related$comments""",
    ),
    Shape(domain="tienphong.vn", source="Tiền Phong", lead_prefix="TPO - ", date="%d/%m/%Y | %H:%M", crumb="ld", **_EPI),
    Shape(
        domain="znews.vn", source="Tri thức - Znews", date="%A, %-d/%-m/%Y %H:%M (GMT+7)", linked="broken", site_name="ZNEWS.VN",
        crumb="html", times="meta", heading="<h3>$text</h3>",
        figure='<table class="picture" align="center"><tbody><tr><td class="pic"><img></td></tr><tr><td class="pCaption caption">'
        "<p>$text</p></td></tr></tbody></table>",
        box='<div class="inner-article"><a href="$url"><h2 class="title">$text</h2><p class="summary">Câu chuyện dài của'
        ' người ở lại.</p></a></div>',
        related='<section class="recommendation"><h3>Có thể bạn quan tâm</h3><div>$links</div></section>',
        sign='<p class="author">$author</p>',
        page="""<nav id="category-nav"><ul>$menu</ul></nav><article class="has-summary"><header class="the-article-header"><p
class="the-article-category"><a href="/s">$section</a></p><h1 class="the-article-title">$headline</h1><ul
class="the-article-meta"><li class="the-article-author"><a>$author</a></li><li class="the-article-publish">$date</li></ul>
</header><section class="main"><p class="the-article-summary">$lead</p><div class="the-article-body">$body$sign</div><p
class="the-article-tags">$tags</p></section></article>$related$comments""",
    ),
    Shape(domain="vietnamplus.vn", source="VietnamPlus", linked="graph", date="%d/%m/%Y %H:%M", crumb="meta", **_EPI),
    Shape(
        domain="vov.vn", source="VOV", lead_prefix="VOV.VN - ", linked="none", date="%A, %H:%M, %d/%m/%Y", crumb="html",
        times="none", site_name="VOV.VN", sign="<div class='article-author'><a>$author</a></div>", author_words="$author/VOV-Tây Bắc",
        figure='<figure class="align-center caption caption-img"><article class="media"><img></article><figcaption>$text</figcaption></figure>',
        box='<article class="align-center related-inline"><a href="$url">$text</a></article>',
        related='<div class="block-related"><div class="title">Tin liên quan</div><div>$links</div></div>',
        page="""<div class="region-header"><span class="current-date">$today</span><ul class="menu menu--main">$menu</ul></div>
<div class="row article-head"><div class="breadcrumb"><a href="/">Trang chủ</a> / <a href="/s">$section</a></div><div
class="article-date">$date</div></div><div class="article-title mb-0"><h1>$headline</h1></div><div class="article-sapo">$lead</div>
<div class="article-content"><div class="text-long">$body</div></div>$sign<p>Mời quý độc giả theo dõi VOV.VN trên Google News</p>
<div class="article-tags"><div class="label">Tag:</div>$tags</div>$related$comments""",
    ),
    Shape(
        domain="vtv.vn", source="VTV", lead_prefix="VTV.vn - ", date="%A, ngày %d/%m/%Y %H:%M GMT+7", linked="none", times="meta",
        sign="", figure=_VC_FIGURE, box=_VC_BOX, crumb="property",
        related='<div class="box-relate"><h4>Tin cùng chuyên mục</h4><ul>$links</ul></div>',
        page="""<div class="header"><ul class="menu_chinh">$menu</ul></div><div class="w_title"><h1 class="title_detail">$headline</h1>
<p class="news-info"><b>$author</b> - <span class="time">$date</span></p></div><h2 class="sapo">$lead</h2><div id="entry-body"
class="ta-justify">$body</div><p>* Mời quý độc giả theo dõi các chương trình đã phát sóng của Đài Truyền hình Việt Nam trên
TV Online và VTVGo!</p><div class="news_keyword"><span>Từ khóa:</span>$tags</div>$related$comments""",
    ),
    Shape(
        domain="baotintuc.vn", source="Báo Tin tức", linked="site", date="%A, %d/%m/%Y %H:%M", crumb="ld", times="meta",
        sign='<div class="author"><strong>$author</strong></div>', author_words="Bài, ảnh: $author/Báo Tin tức và Dân tộc",
        figure='<table class="image center"><tbody><tr><td><img></td></tr><tr><td class="caption">$text</td></tr></tbody></table>',
        box='<div class="box-tinlienquan"><a href="$url">$text</a></div>',
        related='<div class="related-section"><h3>Tin liên quan</h3><ul>$links</ul></div>',
        page="""<div class="top-bar"><span class="datetime">$today</span></div><ul class="navbar-nav">$menu</ul><div
class="breadcrumb-detail"><a href="/s">$section</a></div><h1 class="detail-title">$headline</h1><div class="date">$date</div><h2
class="sapo">$lead</h2><div class="boxdetail"><div class="contents">$body$sign</div></div><div class="keyword">$tags</div>
$related$comments""",
    ),
    Shape(domain="nhandan.vn", source="Nhân Dân", date="%A, ngày %d/%m/%Y - %H:%M", linked="list", crumb="html", **_EPI),
    Shape(domain="sggp.org.vn", source="Sài Gòn Giải Phóng", lead_prefix="SGGPO ", date="%d/%m/%Y %H:%M", crumb="html", times="ld",
          **_EPI),
    Shape(
        domain="kenh14.vn", source="Kenh14", linked="none", date="%H:%M %d/%m/%Y", times="property", crumb="html",
        site_name="kenh14.vn", sign="", author_words="$author, Theo Nếp Sống Mới", figure=_VC_FIGURE,
        box='<div class="VCSortableInPreviewMode link-content-footer IMSCurrentEditorEditObject" type="link-content-footer"><a '
        'class="link-inline-content" href="$url">$text</a></div>',
        related='<div class="knc-relate-wrapper relationnews"><h5>Tin liên quan</h5><ul class="krw-list">$links</ul></div>',
        page="""<div class="kmenu-wrapper"><ul>$menu</ul><div class="expand-icon">Xem thêm</div><div>$more</div></div><div
class="kbw-submenu"><ul><li class="kbwsli active"><a href="/s">$section</a></li></ul></div><div class="klw-body-top"><div class="kbwc-header"><h1
class="kbwc-title">$headline</h1><div class="kbwc-meta"><span class="kbwcm-author">$author</span>
<span class="kbwcm-time" title="$iso">$date</span></div></div><div class="klw-new-content"><h2 class="knc-sapo">$lead</h2><div
class="knc-content">$body</div><div class="klwfn-tags"><ul>$tags</ul></div></div></div>$related$comments""",
    ),
    Shape(
        domain="cafef.vn", source="CafeF", linked="site", site_name="https://cafef.vn", date="%d-%m-%Y - %H:%M %p", crumb="ld", times="ld",
        sign="<p class='author'>$author</p><p class='source'>Theo An Ninh Tiền Tệ</p>", figure=_VC_FIGURE, box=_VC_BOX, related=_VC_RELATED,
        page="""<div class="header"><div class="menucategory menuheader"><ul>$menu</ul></div></div><div class="left_cate"><div class="dateandcat">
<a class="cat" href="/s.chn">$section</a><span class="pdate" data-role="publishdate">$date</span></div><h1 class="title"
data-role="title">$headline</h1><h2 class="sapo" data-role="sapo">$lead</h2><div class="detail-content afcbc-body"
data-role="content">$body</div>$sign<div class="link-source-wrapper"><span>Copy link</span><div>Link bài gốc Lấy link!</div></div><div
class="tagdetail"><div>Từ Khóa:</div>$tags</div></div>$related$comments""",
    ),
    Shape(
        domain="24h.com.vn", source="24h", linked="news", date="%A, ngày %d/%m/%Y %H:%M %p (GMT+7)", crumb="ld", times="ld",
        sign="<div class='nguontin'>$author</div>", author_words="Theo $author (Người Đưa Tin)",
        figure='<p align="center"><img class="news-image"></p><p class="img_chu_thich_0407">$text</p>',
        box='<div class="bv-lq"><div class="titleBvlq">Bài viết liên quan</div><a href="$url">$text</a></div>',
        related='<div class="bailienquan"><h3>Tin liên quan</h3><ul>$links</ul></div>',
        page="""<div class="cate-24h-head"><ul>$menu</ul></div><header class="cate-24h-foot-header"><h1 id="article_title"
class="clrTit">$headline</h1><time class="cate-24h-foot-arti-deta-cre-post">$date</time></header><h2 id="article_sapo"
class="cate-24h-foot-arti-deta-sum">$lead</h2><article id="article_body" class="cate-24h-foot-arti-deta-info">$body$sign</article>
<div class="tag-list"><ul>$tags</ul></div>$related$comments""",
    ),
    Shape(domain="baochinhphu.vn", source="Báo Chính phủ", linked="site", site_name="baochinhphu.vn",
          lead_prefix="(Chinhphu.vn) - ", crumb="ld", **_VC),
    Shape(
        domain="baodautu.vn", source="Báo Đầu tư", linked="none", site_name="baodautu", times="none", crumb="html",
        date=" - %d/%m/%Y %H:%M", sign="", figure='<table class="MASTERCMS_TPL_TABLE"><tbody><tr><td><img></td></tr><tr><td>'
        '<span class="caption">$text</span></td></tr></tbody></table>', keywords="meta",
        box='<ul class="list_news_dot"><li><a href="$url">- $text</a></li></ul>',
        related='<div class="tin_lien_quan"><div class="t">Tin liên quan</div><div>$links</div></div>',
        page="""<div class="top"><span id="clock">$today</span></div><ul class="ul-main">$menu</ul><div class="fs16 text-uppercase"><a
class="cate" href="/">Trang chủ</a> <a class="cate breadcrumb-item" href="/s">$section</a></div><div class="title-detail">$headline</div><div
class="author-share-top"><a class="author">$author</a><span class="post-time">$date</span></div><div class="sapo_detail">$lead</div>
<div id="content_detail_news">$body</div><div class="tag_detail"><ul>$tags</ul></div>$related$comments""",
    ),
    Shape(
        domain="bbc.com", source="BBC News Tiếng Việt", linked="graph", date="%-d tháng %-m %Y", sign="", times="ld", crumb="html",
        site_name="BBC News Tiếng Việt", figure='<figure class="bbc-1a3w4ok"><div><img></div><figcaption class="bbc-5l1ikp"><p>$text</p>'
        "</figcaption></figure>", paragraph='<div dir="ltr" class="bbc-19j92fr"><p dir="ltr" class="bbc-hhl7in">$text</p></div>',
        heading='<div class="bbc-1"><h2 class="bbc-x" tabindex="-1">$text</h2></div>', box='<div class="bbc-1151"><p><a '
        'href="$url">$text</a></p></div>', related='<section class="bbc-q"><h2>Tin liên quan</h2><ul>$links</ul></section>',
        page="""<header role="banner"><nav><ul>$menu</ul></nav></header><div class="breadcrumb"><a href="/s">$section</a></div><main role="main"><h1
id="content" class="bbc-14gqcmb">$headline</h1><section role="region"><ul><li><span>Tác giả, </span><span class="byline-name">$author</span></li></ul>
</section><time class="bbc-j" datetime="$isoday">$date</time><p><b>$lead</b></p>$body<section class="e1"><h2>Đọc nhiều</h2>
<ol>$more</ol></section>$related</main>$comments""",
    ),
    Shape(
        domain="voatiengviet.com", source="VOA Tiếng Việt", linked="site", date="%d/%m/%Y", sign="", times="ld", crumb="html",
        figure='<div class="wsw__embed"><figure class="media-image"><img><figcaption><span class="caption">$text</span></figcaption></figure></div>',
        box='<div class="wsw__embed"><div class="media-block also-read"><span class="label">Đọc thêm</span><a href="$url"><h4>$text</h4></a></div></div>',
        related='<div class="region"><h3>Xem thêm</h3><ul>$links</ul></div>', site_name="VOA",
        page="""<div class="hdr-20"><ul class="menu-l">$menu</ul></div><div class="category breadcrumb"><a href="/s">$section</a></div><h1
class="title pg-title">$headline</h1><div class="publishing-details"><div class="published"><time pubdate="pubdate" datetime="$iso">$date</time></div>
<div class="links"><ul class="links__list"><li class="links__item author">$author</li></ul></div></div><div class="intro"><p>$lead</p></div><div
id="article-content" class="content-floated-wrap"><div class="wsw">$body</div></div>$related$comments""",
    ),
    Shape(
        domain="rfa.org", source="RFA Tiếng Việt", linked="none", date="%Y.%m.%d", sign="", times="meta", crumb="meta",
        figure='<div class="image-inline captioned"><img><div class="image-caption">$text</div></div>',
        box='<ul><li><a href="$url">$text</a></li></ul>', related='<h4>Bài liên quan</h4><ul>$links</ul>', site_name="Đài Á Châu Tự Do",
        page="""<div id="header"><ul>$menu</ul></div><div id="storypage"><h1>$headline</h1><div id="storytop"><div id="story_byline">$author</div><div
id="story_date">$date</div></div><div class="sharebar"><a>Chia sẻ</a></div><div id="storytext"><p class="lead">$lead</p>$body</div></div>$related$comments""",
    ),
)  # fmt: skip
