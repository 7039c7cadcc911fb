// Encrypts and decrypts with X25519 and X448 as RFC 8418 says, by Node.js's own primitives and from the text of the RFC alone:
// "decrypt" reads own.crt, own.key and cms.der and writes out; "encrypt KDF [ukm]" reads own.crt and content and writes cms.der.
// KDF is hkdf-sha256, hkdf-sha384, hkdf-sha512, x963-sha256, x963-sha384 or x963-sha512.
import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const schemes = {
  "1.2.840.113549.1.9.16.3.19": "hkdf-sha256", "1.2.840.113549.1.9.16.3.20": "hkdf-sha384", "1.2.840.113549.1.9.16.3.21": "hkdf-sha512",
  "1.3.132.1.11.1": "x963-sha256", "1.3.132.1.11.2": "x963-sha384", "1.3.132.1.11.3": "x963-sha512",
};
const wraps = { "2.16.840.1.101.3.4.1.5": 16, "2.16.840.1.101.3.4.1.25": 24, "2.16.840.1.101.3.4.1.45": 32 };
const cbc = { "2.16.840.1.101.3.4.1.2": 128, "2.16.840.1.101.3.4.1.22": 192, "2.16.840.1.101.3.4.1.42": 256 };
const gcm = { "2.16.840.1.101.3.4.1.6": 128, "2.16.840.1.101.3.4.1.26": 192, "2.16.840.1.101.3.4.1.46": 256 };

function read(bytes) {
  const elements = [];
  for (let at = 0; at < bytes.length;) {
    let [tag, length, head] = [bytes[at], bytes[at + 1], 2];
    if (length > 0x7f) {
      head += length & 0x7f;
      length = parseInt(bytes.subarray(at + 2, at + head).toString("hex"), 16);
    }
    elements.push({ tag, value: bytes.subarray(at + head, at + head + length), whole: bytes.subarray(at, at + head + length) });
    at += head + length;
  }
  return elements;
}

function oidOf(value) {
  const numbers = [];
  let number = 0n;
  for (const octet of value) {
    number = (number << 7n) | BigInt(octet & 0x7f);
    if (octet < 0x80) { numbers.push(number); number = 0n; }
  }
  const first = numbers.shift();
  return [first < 80n ? first / 40n : 2n, first < 80n ? first % 40n : first - 80n, ...numbers].join(".");
}

function der(tag, ...parts) {
  const value = Buffer.concat(parts);
  const size = value.length < 0x80 ? [value.length] : value.length < 0x100 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function encodeOid(text) {
  const [one, two, ...rest] = text.split(".").map(Number);
  const octets = [one * 40 + two, ...rest].flatMap((number) => {
    const digits = [number & 0x7f];
    while ((number = Math.floor(number / 128)) > 0) digits.unshift((number & 0x7f) | 0x80);
    return digits;
  });
  return der(6, Buffer.from(octets));
}

function wrappingKey(scheme, secret, wrap, length, ukm) {
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(length * 8);
  const info = der(0x30, wrap, ...(ukm ? [der(0xa0, der(4, ukm))] : []), der(0xa2, der(4, bits)));
  const [kdf, hash] = scheme.split("-");
  return kdf === "hkdf"
    ? Buffer.from(hkdfSync(hash, secret, ukm ?? Buffer.alloc(0), info, length))
    : createHash(hash).update(secret).update(Buffer.from([0, 0, 0, 1])).update(info).digest().subarray(0, length);
}

const initial = Buffer.alloc(8, 0xa6);
const certificate = new X509Certificate(readFileSync("own.crt"));
if (process.argv[2] === "decrypt") {
  const [type, holder] = read(read(readFileSync("cms.der"))[0].value);
  const fields = read(read(holder.value)[0].value);
  const infos = read(fields[1].value).map((info) => read(info.value));
  const encrypted = read(fields[2].value);
  const [cipher, parameters] = read(encrypted[1].value);
  for (const info of infos) {
    const [originator, ukm] = [read(read(info[1].value)[0].value), info[2].tag === 0xa1 ? read(info[2].value)[0].value : undefined];
    const [algorithm, keys] = info.slice(ukm ? 3 : 2);
    const [scheme, wrap] = read(algorithm.value);
    const length = wraps[oidOf(read(wrap.value)[0].value)];
    const theirs = createPublicKey({ key: der(0x30, originator[0].whole, originator[1].whole), format: "der", type: "spki" });
    const own = createPrivateKey({ key: readFileSync("own.key"), format: "der", type: "pkcs8" });
    const key = wrappingKey(schemes[oidOf(scheme.value)], diffieHellman({ privateKey: own, publicKey: theirs }), wrap.whole, length, ukm);
    const wrapped = read(read(keys.value)[0].value)[1].value;
    let content;
    try {
      const unwrap = createDecipheriv(`id-aes${length * 8}-wrap`, key, initial);
      content = Buffer.concat([unwrap.update(wrapped), unwrap.final()]);
    } catch {
      continue;
    }
    const name = oidOf(cipher.value);
    const isAuthenticated = name in gcm;
    const open = isAuthenticated
      ? createDecipheriv(`aes-${gcm[name]}-gcm`, content, read(parameters.value)[0].value, { authTagLength: 16 })
      : createDecipheriv(`aes-${cbc[name]}-cbc`, content, parameters.value);
    if (isAuthenticated) open.setAuthTag(fields[3].value);
    writeFileSync("out", Buffer.concat([open.update(encrypted[2].value), open.final()]));
    process.exit(0);
  }
  process.exit(1);
}

const [scheme, ukm] = [process.argv[3], process.argv[4] ? randomBytes(8) : undefined];
const ephemeral = generateKeyPairSync(certificate.publicKey.asymmetricKeyType);
const wrap = der(0x30, encodeOid("2.16.840.1.101.3.4.1.45"));
const key = wrappingKey(scheme, diffieHellman({ privateKey: ephemeral.privateKey, publicKey: certificate.publicKey }), wrap, 32, ukm);
const [content, vector] = [randomBytes(32), randomBytes(16)];
const wrapping = createCipheriv("id-aes256-wrap", key, initial);
const sealing = createCipheriv("aes-256-cbc", content, vector);
const body = read(read(certificate.raw)[0].value)[0].value;
const [serial, , issuer] = read(body).slice(1);
const point = read(read(ephemeral.publicKey.export({ format: "der", type: "spki" }))[0].value);
const info = der(0xa1,
  der(2, Buffer.from([3])),
  der(0xa0, der(0xa1, point[0].whole, point[1].whole)),
  ...(ukm ? [der(0xa1, der(4, ukm))] : []),
  der(0x30, encodeOid(Object.keys(schemes).find((oid) => schemes[oid] === scheme)), wrap),
  der(0x30, der(0x30, der(0x30, issuer.whole, serial.whole), der(4, wrapping.update(content), wrapping.final()))));
writeFileSync("cms.der", der(0x30, encodeOid("1.2.840.113549.1.7.3"), der(0xa0, der(0x30,
  der(2, Buffer.from([2])),
  der(0x31, info),
  der(0x30, encodeOid("1.2.840.113549.1.7.1"), der(0x30, encodeOid("2.16.840.1.101.3.4.1.42"), der(4, vector)),
    der(0x80, sealing.update(readFileSync("content")), sealing.final()))))));
