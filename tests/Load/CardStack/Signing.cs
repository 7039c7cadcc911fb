using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using MimeKit.Cryptography;
using FrameworkSigner = System.Security.Cryptography.Pkcs.CmsSigner;

namespace SmimeGateway.CardStack;

/// <summary>Wraps a body in multipart/signed.</summary>
internal interface ISigning
{
    /// <summary>The body, which must not be used any more, under a clear signature with SHA-256.</summary>
    MultipartSigned Sign(MimeEntity body);
}

/// <summary>As MimeKit documents it: its own S/MIME context, whose operations are Bouncy Castle's.</summary>
internal sealed class BouncyCastleSigning(string pkcs12, string password) : ISigning
{
    private readonly MimeKit.Cryptography.CmsSigner _signer = new(pkcs12, password) { DigestAlgorithm = DigestAlgorithm.Sha256 };

    public MultipartSigned Sign(MimeEntity body)
    {
        // A context keeps state that is not safe for several threads.
        using var context = new TemporarySecureMimeContext();
        return MultipartSigned.Create(context, _signer, body);
    }
}

/// <summary>The same structure with the signature of System.Security.Cryptography.Pkcs.</summary>
internal sealed class FrameworkSigning : ISigning
{
    private readonly FrameworkSigner _signer;

    public FrameworkSigning(string pkcs12, string password)
    {
        var chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(pkcs12, password);
        _signer = new(chain.Single(static certificate => certificate.HasPrivateKey)) { IncludeOption = X509IncludeOption.None };
        _signer.Certificates.AddRange(chain);
        _signer.SignedAttributes.Add(new Pkcs9SigningTime());
    }

    public MultipartSigned Sign(MimeEntity body)
    {
        body.Prepare(EncodingConstraint.SevenBit);
        using var canonical = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        body.WriteTo(format, canonical);
        var signed = new SignedCms(new ContentInfo(canonical.ToArray()), detached: true);
        signed.ComputeSignature(_signer, silent: true);
        var signature = new ApplicationPkcs7Signature(new MemoryStream(signed.Encode()));
        var result = new MultipartSigned { body, signature };
        result.ContentType.Parameters["protocol"] = signature.ContentType.MimeType;
        result.ContentType.Parameters["micalg"] = "sha-256";
        return result;
    }
}
