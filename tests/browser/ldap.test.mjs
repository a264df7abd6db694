// Signing in by a directory: OpenLDAP's slapd on this machine.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { authority, freePort } from "./authority.mjs";
import { barriers, folder, launch, person, serve, setUp } from "./support.mjs";

const SECRET = "the password of whoever searches";
const WORDS = "what bob has in the directory";
const SLAPD = process.env.SLAPD ?? "/usr/sbin/slapd";

const entry = (uid, more = "") => `
dn: uid=${uid},ou=people,dc=corp
objectClass: inetOrgPerson
objectClass: activePerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
displayName: ${uid} of Corp
mail: ${uid}@corp.example
userPassword: ${WORDS}
${more}`;

const LDIF = `dn: dc=corp
objectClass: dcObject
objectClass: organization
dc: corp
o: Corp

dn: ou=people,dc=corp
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=corp
objectClass: organizationalUnit
ou: groups

dn: cn=onsight,dc=corp
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: onsight
userPassword: ${SECRET}
${entry("bob")}${entry("carl", "userAccountControl: 514\n")}${entry("ada", "mail: ada@example.org\n")}
dn: cn=makers,ou=groups,dc=corp
objectClass: groupOfNames
cn: makers
member: uid=bob,ou=people,dc=corp
member: uid=carl,ou=people,dc=corp
`;

async function answers(port) {
  for (let tries = 0; tries < 200; tries += 1) {
    const is = await new Promise((tell) => {
      const socket = connect(port, "127.0.0.1", () => tell(true)).on("error", () => tell(false));
      socket.on("connect", () => socket.destroy());
    });
    if (is) return;
    await new Promise((again) => setTimeout(again, 50));
  }
  throw new Error("slapd does not answer");
}

/** A directory with two people and a group; gives its ports. */
async function directory(story, place, files) {
  const [plain, secure] = [await freePort(), await freePort()];
  const rows = join(place, "slapd");
  await mkdir(rows);
  const schema = (name) => `include /etc/ldap/schema/${name}.schema`;
  const config = join(place, "slapd.conf");
  await writeFile(config, `${["core", "cosine", "inetorgperson"].map(schema).join("\n")}
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.11.99 NAME 'activePerson' SUP top AUXILIARY MAY userAccountControl )
pidfile ${join(place, "slapd.pid")}
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile ${files.ca}
TLSCertificateFile ${files.cert}
TLSCertificateKeyFile ${files.key}
database mdb
maxsize 10485760
suffix "dc=corp"
directory ${rows}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=onsight,dc=corp" read by * none
`);
  await writeFile(join(place, "corp.ldif"), LDIF);
  await promisify(execFile)(SLAPD, ["-T", "add", "-f", config, "-l", join(place, "corp.ldif")]);
  const urls = `ldap://127.0.0.1:${plain} ldaps://127.0.0.1:${secure}`;
  const child = spawn(SLAPD, ["-f", config, "-h", urls, "-d", "0"], { stdio: "ignore" });
  const exited = new Promise((done) => child.on("exit", done));
  story.after(() => child.kill("SIGTERM") && exited);
  await answers(secure);
  return { plain, secure };
}

async function signIn(page, email, words) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(words);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("people come in with the password their directory keeps", async (story) => {
  const data = await folder(story);
  const { ca, files } = await authority(data);
  const { plain, secure } = await directory(story, data, files);
  const config = join(data, "onsight.toml");
  await writeFile(config, `[egress]\nallow = ["localhost:${plain}", "localhost:${secure}"]\n`);
  process.env.ONSIGHT_CONFIG = config;
  story.after(() => delete process.env.ONSIGHT_CONFIG);
  const server = await serve(join(data, "onsight"));
  story.after(() => server.stop());
  const browser = await launch(story);
  const ada = await person(browser, server.address);
  await setUp(ada, server.code);

  // Entered, with an authority nobody knows and a wrong password: the test says so.
  await ada.goto("/sign-in-methods/new?kind=ldap");
  assert.deepEqual(await barriers(ada), []);
  await ada.getByLabel("Name").fill("Corp");
  await ada.getByLabel("Host").fill("localhost");
  await ada.getByLabel("Port").fill(String(secure));
  await ada.getByLabel("Who searches").fill("cn=onsight,dc=corp");
  await ada.getByLabel("Their password").fill("not this one");
  await ada.getByLabel("Where people are").fill("ou=people,dc=corp");
  await ada.getByLabel("Where groups are").fill("ou=groups,dc=corp");
  await ada.getByLabel("Make accounts").check();
  await ada.getByRole("button", { name: "Keep it" }).click();
  await ada.waitForURL(/sign-in-methods\/[0-9a-f]{32}$/);
  const method = ada.url();
  const save = () => ada.getByRole("button", { name: "Save", exact: true }).click();
  const step = (name) => ada.locator(`[data-step="${name}"]`);
  const tried = async (somebody = "") => {
    await ada.goto(method);
    await ada.getByLabel("Search for").fill(somebody);
    await ada.getByRole("button", { name: "Test what is saved" }).click();
    await step("Name and route").waitFor();
  };
  await tried();
  assert.match(await step("Certificate").innerText(), /failed.*CN=localhost, signed by CN=Corp Root/s);
  assert.match(await step("Connection").innerText(), /failed.*UnknownIssuer/s);
  await ada.getByLabel("Certificate of the authority").fill(ca);
  await ada.getByLabel("Their password").fill("not this one");
  await save();
  await tried();
  assert.match(await step("Bind").innerText(), /failed.*does not take the password/s);
  await ada.getByLabel("Their password").fill(SECRET);
  await save();
  await ada.getByLabel("Group there").fill("cn=makers,ou=groups,dc=corp");
  await ada.getByLabel("Role", { exact: true }).selectOption("builder");
  await ada.getByRole("button", { name: "Give it this place" }).click();
  await tried("bob@corp.example");
  assert.match(await step("Search").innerText(), /uid=bob,ou=people,dc=corp/);
  assert.match(await step("Groups").innerText(), /makers/);
  assert.match(await step("Places").innerText(), /builder in Northgate Supply/);
  assert.deepEqual(await barriers(ada), []);
  assert.ok(!(await ada.content()).includes(SECRET));
  await ada.getByRole("button", { name: "Switch on" }).click();

  // In with the right password; not with a wrong one, a trick, nothing, or a disabled account.
  const bob = await person(browser, server.address);
  await signIn(bob, "bob@corp.example", "what bob never had at all");
  await bob.getByText("the e-mail address or the password is wrong").waitFor();
  await signIn(bob, "bob@corp.example", WORDS);
  await bob.waitForURL("**/apps");
  await bob.getByRole("link", { name: "Data" }).waitFor();
  const carl = await person(browser, server.address);
  await signIn(carl, "carl@corp.example", WORDS);
  await carl.getByText("disabled in Corp").waitFor();
  for (const [email, password] of [
    ["*)(uid=*", WORDS], ["*", WORDS], ["bob@corp.example)(cn=*", WORDS], ["b*@corp.example", WORDS],
    ["bob@corp.example", ""], ["nobody@corp.example", WORDS],
  ]) {
    const answer = await carl.request.post("/sign-in", { form: { email, password, then: "/" }, maxRedirects: 0 });
    assert.equal(answer.status(), 422, `${email} / ${password}`);
  }
  // An operator's account is not taken over by an entry with the same address.
  const mallory = await person(browser, server.address);
  await signIn(mallory, "ada@example.org", WORDS);
  await mallory.getByText("not joined with Corp").waitFor();

  // Another way to the machine forgets the password; StartTLS works with it entered again.
  await ada.goto(method);
  await ada.getByLabel("Port").fill(String(plain));
  await ada.getByLabel("Security").selectOption("plain");
  await save();
  await ada.getByText("tick that you accept it").first().waitFor();
  await ada.getByLabel("Security").selectOption("starttls");
  await save();
  await ada.getByText("None is kept").waitFor();
  await ada.getByLabel("Their password").fill(SECRET);
  await save();
  await tried("bob@corp.example");
  assert.match(await step("Certificate").innerText(), /fine/);
  await ada.getByRole("button", { name: "Switch on" }).click();
  const again = await person(browser, server.address);
  await signIn(again, "bob@corp.example", WORDS);
  await again.waitForURL("**/apps");
  assert.deepEqual([...ada.trouble, ...bob.trouble], []);
});
