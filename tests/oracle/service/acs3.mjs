// Alibaba Cloud's ACS3, by their own code: the authorization of a request that is about to go, or went.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { headersOf } from "../frame/request.mjs";

export const { OpenApiUtil } = createRequire(import.meta.url)("@alicloud/openapi-core");

export function signature(r, account) {
	const url = new URL(r.url), headers = { ...headersOf(r), host: url.host };
	delete headers.authorization;
	const query = Object.fromEntries(url.search.slice(1).split("&").filter(Boolean).map((p) => p.split("=").map(decodeURIComponent)));
	const hash = OpenApiUtil.hash(Buffer.from(r.body), "ACS3-HMAC-SHA256").toString("hex");
	assert.equal(headers["x-acs-content-sha256"], hash);
	return OpenApiUtil.getAuthorization({ method: r.method, pathname: url.pathname, query, headers },
		"ACS3-HMAC-SHA256", hash, account.access_key_id, account.access_key_secret);
}
