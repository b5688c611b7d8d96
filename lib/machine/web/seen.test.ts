import assert from "node:assert/strict";
import { hostname } from "node:os";
import { describe, it } from "node:test";
import { Explained } from "#lib/machine/explained";
import { readAddresses, seen, trust } from "#lib/machine/web/seen";

type Case = {
  peer?: string;
  local?: string;
  headers?: Record<string, string>;
  trusted?: string[];
  told?: string;
  known?: string;
};

const at = ({ peer, local = "127.0.0.1", headers = {}, trusted = [], told, known }: Case) =>
  seen({ peer, local, headers }, { trusted: trust(trusted), told, known: known ?? "http://localhost:3000" });

const forged = {
  host: "evil.example",
  "x-forwarded-for": "198.51.100.1",
  "x-forwarded-host": "evil.example",
  "x-forwarded-proto": "https",
};
const proxied = { ...forged, host: "src.example", "x-forwarded-host": "src.example" };

describe("who is asking", () => {
  it("is the peer of the connection, whatever headers it forges, loopback included", () => {
    for (const peer of ["192.0.2.1", "127.0.0.1", "::1"])
      assert.equal(at({ peer, headers: forged, trusted: ["192.0.2.10"] }).client, peer);
    assert.equal(at({ peer: "::ffff:192.0.2.1" }).client, "192.0.2.1");
  });

  it("is whom the nearest trusted proxy names, never what the caller wrote before it", () => {
    const from = (hops: string, trusted: string[]) =>
      at({ peer: "127.0.0.1", headers: { "x-forwarded-for": hops }, trusted }).client;
    assert.equal(from("203.0.113.9, 198.51.100.1", ["127.0.0.1"]), "198.51.100.1");
    assert.equal(from("203.0.113.9, 198.51.100.1, 10.1.2.3", ["127.0.0.1", "10.0.0.0/8"]), "198.51.100.1");
    assert.equal(from("10.1.2.3", ["127.0.0.1", "10.0.0.0/8"]), "10.1.2.3", "the proxy's own machine asks");
    assert.equal(from("2001:DB8::B", ["127.0.0.1"]), "2001:db8::b");
    assert.equal(from("198.51.100.1, rubbish", ["127.0.0.1"]), "127.0.0.1");
    assert.equal(from("", ["127.0.0.1"]), "127.0.0.1");
  });

  it("names one proxy by address or a network of them, in both families", () => {
    const trusted = trust(["192.0.2.10", "10.0.0.0/8", "fd00::/8", "2001:DB8::A"]);
    for (const one of ["192.0.2.10", "10.9.8.7", "fd12::1", "2001:db8::a"]) assert.ok(trusted(one), one);
    for (const other of ["192.0.2.1", "11.0.0.1", "fe80::1", "", "localhost"])
      assert.ok(!trusted(other), other);
    for (const wrong of ["localhost", "10.0.0.0/40", "10.0.0.0/x", "10.0.0", "10.0.0.0/"])
      assert.throws(() => trust([wrong]), Explained, wrong);
  });

  it("is nobody in particular when the connection has no address", () => {
    assert.equal(at({ peer: undefined, headers: forged }).client, "unknown");
    assert.equal(at({ peer: "", headers: forged }).client, "unknown");
  });
});

describe("under which address", () => {
  const place = (one: Case) => {
    const { scheme, host } = at(one);
    return `${scheme}://${host}`;
  };

  it("is the public one in place of a Host or a forwarded header nobody vouches for", () => {
    assert.equal(place({ peer: "192.0.2.1", headers: forged }), "http://localhost:3000");
    assert.equal(place({ peer: "127.0.0.1", headers: forged }), "http://localhost:3000");
    assert.equal(
      place({ peer: "127.0.0.1", headers: forged, told: "https://src.example" }),
      "https://src.example",
    );
    assert.equal(
      place({ peer: "127.0.0.1", headers: proxied, known: "https://src.example" }),
      "https://src.example",
    );
  });

  it("is what a named proxy says", () => {
    const trusted = ["127.0.0.1"];
    const peer = "127.0.0.1";
    assert.equal(place({ peer, trusted, headers: proxied }), "https://src.example");
    assert.equal(
      place({ peer, trusted, headers: { ...proxied, "x-forwarded-host": "evil.example, src.example:8443" } }),
      "https://src.example:8443",
    );
    assert.equal(
      place({ peer, trusted, headers: { host: "src.example" }, told: "https://src.example" }),
      "https://src.example",
      "a proxy that says nothing of TLS",
    );
    assert.equal(
      place({ peer, trusted, headers: { host: "other.example" }, told: "https://src.example" }),
      "http://other.example",
    );
    const proto = { "x-forwarded-proto": "https" };
    assert.equal(
      place({ peer, trusted, headers: { ...proto, host: "src.example:443" } }),
      "https://src.example",
      "as browsers write an origin",
    );
    for (const host of ["a b", "evil.example/x", "a@b", "a:99999", "[::1", "a,b", ""])
      assert.equal(
        place({ peer, trusted, headers: { host }, told: "https://src.example" }),
        "https://src.example",
        host,
      );
  });

  it("is one of this machine's own names while nobody told a public address", () => {
    const own = (host: string, local?: string) => place({ peer: "127.0.0.1", local, headers: { host } });
    assert.equal(own("127.0.0.1:3000"), "http://127.0.0.1:3000");
    assert.equal(own("[::1]:3000", "::1"), "http://[::1]:3000");
    assert.equal(own("localhost:8080"), "http://localhost:8080", "through a tunnel");
    assert.equal(own("192.0.2.5:3000", "::ffff:192.0.2.5"), "http://192.0.2.5:3000");
    assert.equal(own(`${hostname()}:3000`, "192.0.2.5"), `http://${hostname().toLowerCase()}:3000`);
    assert.equal(own("192.0.2.6:3000", "192.0.2.5"), "http://localhost:3000");
    for (const other of ["127.0.0.1.evil.example", "127.evil.example", "localhost.evil.example"])
      assert.equal(own(other), "http://localhost:3000", other);
    assert.equal(
      place({ peer: "127.0.0.1", headers: { host: "127.0.0.1:3000" }, told: "https://src.example" }),
      "https://src.example",
    );
  });
});

describe("what the environment says", () => {
  it("is refused with an explanation when it is no address", () => {
    for (const toldPublicUrl of ["crm.example", "crm.example:3000", "ftp://crm.example", "https://"])
      assert.throws(() => readAddresses({ toldPublicUrl, trustedProxies: [] }), Explained, toldPublicUrl);
    assert.throws(() => readAddresses({ trustedProxies: ["proxy"] }), Explained);
    const told = readAddresses({ toldPublicUrl: "https://crm.example", trustedProxies: ["127.0.0.1"] });
    assert.equal(told.told, "https://crm.example");
    assert.ok(told.trusted("127.0.0.1"));
  });
});
