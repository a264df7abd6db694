// A certificate authority for one story, and what machines here are called.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Makes an authority and a certificate for `localhost` in `folder`. */
export async function authority(folder) {
  const at = (name) => join(folder, name);
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "2", "-subj", "/CN=Corp Root"]);
  await run("openssl", ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-keyout", at("host.key"), "-out", at("host.csr"), "-subj", "/CN=localhost"]);
  await writeFile(at("names"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n");
  await run("openssl", ["x509", "-req", "-in", at("host.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"),
    "-CAcreateserial", "-out", at("host.pem"), "-days", "2", "-extfile", at("names")]);
  return { ca: await readFile(at("ca.pem"), "utf8"), files: { ca: at("ca.pem"), cert: at("host.pem"), key: at("host.key") } };
}

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
