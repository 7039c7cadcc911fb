import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSCompressedData;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.KeyAgreeRecipientId;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientId;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientId;
import org.bouncycastle.cms.jcajce.ZlibExpanderProvider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Decrypts N.der to N.out in the working folder for every line "N READER" of the file "cases", all in one virtual machine. The argument
 * is the folder with READER.crt and READER.key; where READER is "-", the object is compressed and not encrypted. What goes wrong is written to N.err.
 */
public final class Decrypt {
    private Decrypt() {
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        Path keys = Path.of(arguments[0]);
        for (String line : Files.readAllLines(Path.of("cases"))) {
            String[] fields = line.split(" ");
            try {
                byte[] object = Files.readAllBytes(Path.of(fields[0] + ".der"));
                if (fields[1].equals("-")) {
                    Files.write(Path.of(fields[0] + ".out"), new CMSCompressedData(object).getContent(new ZlibExpanderProvider()));
                    continue;
                }

                X509Certificate certificate = readCertificate(keys.resolve(fields[1] + ".crt"));
                byte[] key = Files.readAllBytes(keys.resolve(fields[1] + ".key"));
                Files.write(Path.of(fields[0] + ".out"), decrypt(ContentInfo.getInstance(object), certificate, key));
            } catch (Exception trouble) {
                Files.writeString(Path.of(fields[0] + ".err"), trouble.toString());
            }
        }
    }

    private static byte[] decrypt(ContentInfo object, X509Certificate certificate, byte[] pkcs8) throws Exception {
        boolean isAuthenticated = object.getContentType().equals(CMSObjectIdentifiers.authEnvelopedData);
        RecipientInformationStore recipients = isAuthenticated
            ? new CMSAuthEnvelopedData(object).getRecipientInfos()
            : new CMSEnvelopedData(object).getRecipientInfos();
        String kind = certificate.getPublicKey().getAlgorithm();
        PrivateKey key = KeyFactory.getInstance(kind, "BC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        if (!kind.equals("RSA")) {
            return findAgreement(recipients, certificate).getContent(new JceKeyAgreeEnvelopedRecipient(key).setProvider("BC"));
        }

        Recipient recipient = isAuthenticated
            ? new JceKeyTransAuthEnvelopedRecipient(key).setProvider("BC")
            : new JceKeyTransEnvelopedRecipient(key).setProvider("BC");
        return recipients.get(new JceKeyTransRecipientId(certificate)).getContent(recipient);
    }

    private static RecipientInformation findAgreement(RecipientInformationStore recipients, X509Certificate certificate) {
        RecipientInformation byIssuer = recipients.get(new JceKeyAgreeRecipientId(certificate));
        if (byIssuer != null) {
            return byIssuer;
        }

        byte[] extension = certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        byte[] identifier = SubjectKeyIdentifier.getInstance(ASN1OctetString.getInstance(extension).getOctets()).getKeyIdentifier();
        return recipients.get(new KeyAgreeRecipientId(identifier));
    }

    private static X509Certificate readCertificate(Path file) throws Exception {
        try (InputStream stream = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509", "BC").generateCertificate(stream);
        }
    }
}
