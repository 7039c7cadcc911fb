import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Bouncy Castle with keys of kinds that few programs know. Works in the current folder on the files own.crt, own.key and content:
 * "verify" reads cms.der over content and says "good"; "sign ALGORITHM" and "sign ALGORITHM bare" (without attributes) write cms.der.
 */
public final class Sign {
    private Sign() {
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        X509Certificate own = readCertificate(Path.of("own.crt"));
        byte[] content = Files.readAllBytes(Path.of("content"));
        switch (arguments[0]) {
            case "verify" -> {
                CMSSignedData signed = new CMSSignedData(new CMSProcessableByteArray(content), Files.readAllBytes(Path.of("cms.der")));
                for (SignerInformation signer : signed.getSignerInfos().getSigners()) {
                    System.out.println(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(own)) ? "good" : "bad");
                }
            }
            case "sign" -> {
                JcaSignerInfoGeneratorBuilder signer = new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
                signer.setDirectSignature(arguments.length > 2);
                CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
                generator.addSignerInfoGenerator(signer.build(new JcaContentSignerBuilder(arguments[1]).setProvider("BC").build(readKey(own)), own));
                generator.addCertificate(new JcaX509CertificateHolder(own));
                Files.write(Path.of("cms.der"), generator.generate(new CMSProcessableByteArray(content), false).getEncoded("DER"));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static PrivateKey readKey(X509Certificate certificate) throws Exception {
        return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm(), "BC")
            .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of("own.key"))));
    }

    private static X509Certificate readCertificate(Path file) throws Exception {
        try (InputStream stream = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509", "BC").generateCertificate(stream);
        }
    }
}
