#include "page.h"

#include <string.h>

/* GET never unsubscribes: a mail scanner follows links, it presses no button. The
 * form sends what a mail program's one-click button sends (RFC 8058). */
/* clang-format off: a sentence stays whole */
static const struct {
	const char *title, *text, *button;
} words[][2] = {
	[PAGE_FORM] = {
		{ "退订营销消息",
		  "点一下按钮，您就不会再从这个渠道收到我们的营销消息。"
		  "您已经办理的维修、预约等通知不受影响。",
		  "确认退订" },
		{ "Unsubscribe",
		  "Press the button and you will get no more marketing messages from us on this channel. "
		  "Notices about your repairs and appointments still reach you.",
		  "Unsubscribe" },
	},
	[PAGE_DONE] = {
		{ "已退订",
		  "您不会再从这个渠道收到我们的营销消息。以后想恢复，告诉您的服务顾问就行。",
		  NULL },
		{ "You are unsubscribed",
		  "You will get no more marketing messages from us on this channel. "
		  "Should you change your mind, tell your service advisor.",
		  NULL },
	},
	[PAGE_UNKNOWN] = {
		{ "链接无效",
		  "这个退订链接不完整。请从消息里重新点开；或者直接回复“退订”，"
		  "打电话到店里也可以，我们马上办理。",
		  NULL },
		{ "This link is not valid",
		  "The unsubscribe link is not complete. Open it again from the message, "
		  "or answer the message with STOP, or call us.",
		  NULL },
	},
	[PAGE_LATER] = {
		{ "请稍后再试",
		  "暂时没能办理成功，退订还没有生效。请过几分钟再点一次。",
		  NULL },
		{ "Please try again later",
		  "This could not be stored now, so you are not unsubscribed yet. "
		  "Please press the button again in a few minutes.",
		  NULL },
	},
	[PAGE_GONE] = {
		{ "链接已失效",
		  "这个链接不完整，或者已经过期。需要帮忙的话，请联系您的服务顾问。",
		  NULL },
		{ "This link no longer works",
		  "The link is not complete or has expired. If you need help, ask your service advisor.",
		  NULL },
	},
};
/* clang-format on */

const char page_css[] =
    "body{margin:0;background:#f5f5f4;color:#1c1917;"
    "font:17px/1.6 system-ui,\"PingFang SC\",\"Microsoft YaHei\",sans-serif}\n"
    "main{max-width:28rem;margin:12vh auto 0;padding:0 1.5rem}\n"
    "h1{font-size:1.4rem;margin:0 0 1rem}\n"
    "p.from{color:#57534e;margin:0 0 .5rem}\n"
    "button{font:inherit;margin-top:1rem;padding:.7rem "
    "1.6rem;border:0;border-radius:.5rem;"
    "background:#1c1917;color:#fff}\n";

/* The q of one entry such as "zh-CN;q=0.8", in thousandths. */
static int
weight_of(const char *entry)
{
	const char *q = strstr(entry, "q=");

	return q == NULL ? 1000 : (int)(g_ascii_strtod(q + 2, NULL) * 1000);
}

enum page_language
page_language(const char *accept)
{
	char **entries = g_strsplit(accept, ",", 16);
	int zh = 0, en = 0;

	for (int i = 0; entries[i] != NULL; i++) {
		const char *entry = g_strstrip(entries[i]);
		int *best = g_ascii_strncasecmp(entry, "zh", 2) == 0   ? &zh
			    : g_ascii_strncasecmp(entry, "en", 2) == 0 ? &en
								       : NULL;

		if (best != NULL && weight_of(entry) > *best)
			*best = weight_of(entry);
	}
	g_strfreev(entries);
	return en > zh ? PAGE_EN : PAGE_ZH;
}

void
page_write(enum page page, enum page_language lang, const char *entity, GString *out)
{
	const char *title = words[page][lang].title, *button = words[page][lang].button;
	char *from = g_markup_escape_text(entity, -1);

	g_string_append_printf(out,
	    "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"robots\" content=\"noindex\">\n"
	    "<title>%s</title>\n<link rel=\"stylesheet\" "
	    "href=\"/page.css\">\n</head>\n<body>\n"
	    "<main>\n<p class=\"from\">%s</p>\n<h1>%s</h1>\n<p>%s</p>\n",
	    lang == PAGE_ZH ? "zh-CN" : "en", title, from, title, words[page][lang].text);
	if (button != NULL)
		g_string_append_printf(out,
		    "<form method=\"post\">\n"
		    "<input type=\"hidden\" name=\"List-Unsubscribe\" "
		    "value=\"One-Click\">\n"
		    "<button type=\"submit\">%s</button>\n</form>\n",
		    button);
	g_string_append(out, "</main>\n</body>\n</html>\n");
	g_free(from);
}
