// What the house is made of: an account and a store of each service, a customer of each store, a
// text and a playbook of each channel. JSON is YAML.

export const text = (name) => `${name} 您好，请来取车 a*b~c (d)'e!f+g`;

function accountOf(name, { account, secrets = [], channel }, url, write) {
	const written = {};
	for (const [key, value] of Object.entries(account)) {
		const secret = key === "hook_secret" || secrets.includes(key);
		if (secret) write(`config/secrets/${name}-${key}`, value);
		written[key] = secret ? { credential: `${name}-${key}` } : value;
	}
	return { ...written, name, channels: [channel], url, internal: true };
}

export function configure(services, places, ports, state, write) {
	const names = Object.keys(services), publicUrl = `http://127.0.0.1:${ports.public}`;
	const list = (key) => Object.assign({}, ...names.map((n) => services[n][key] ?? {}));
	write("config/reachd.yaml", {
		entity: { name: "示例汽车服务", tz: "Asia/Shanghai", export_basis: "test" }, state, credentials: "secrets", public_url: publicUrl,
		listen: { public: `127.0.0.1:${ports.public}`, staff: `127.0.0.1:${ports.staff}` },
		providers: names.map((n) => accountOf(n, services[n], places[n].url, write)),
	});
	write("config/stores.yaml", { stores: names.map((n) => ({ id: n, name: n, accounts: [n] })) });
	write("config/policy.yaml", {
		quiet: [{ id: "night", from: "02:00", to: "03:00" }], tiers: { high: { cap: 12 }, low: { cap: 12 } }, min_gap: "none",
		service: { per_day: 50, per_month: 500 }, launch: { countdown: "off", ramp: "off" },
	});
	const front = { sms: { providers: list("registered") }, email: { subject: "您的车好了" }, phone: { outcomes: { reached: "接通", none: "没人接" } } };
	for (const channel of new Set(names.map((n) => services[n].channel))) {
		const words = text("{{ customer.id }}"), send = { id: "thanks", send: `hello/${channel}`, expires: "3d" },
			call = { id: "c", call: "hello/phone", to: "manager", due: "48h", outcomes: { reached: "end", none: "end" } };
		write(`config/templates/${channel}/hello/${channel}.liquid`,
			`---\n${JSON.stringify({ title: "thanks", category: "service", ...front[channel] })}\n---\n${channel === "email" ? `<p>${words} &amp; <b>谢谢</b></p>` : words}\n`);
		write(`config/playbooks/${channel}.yaml`, { playbook: channel, title: channel, category: "service", status: "live", start: { on: channel },
			steps: channel === "phone" ? [call, { id: "end", stop: true }] : [send] });
	}
	write("staff.csv", "id,name,role,wecom\nE1,王经理,manager,LiNa\n");
	write("c.csv", ["id,name,phone,email,push,wecom,store,consent", ...names.map((n) => {
		const to = (channel) => (services[n].channel === channel ? services[n].to : "");
		return [n, "李静", to("sms") || to("phone"), to("email"), to("push"), to("wecom"), n, "service"].join();
	})].join("\n") + "\n");
}
