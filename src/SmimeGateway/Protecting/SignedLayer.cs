using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Protecting;

/// <summary>A content with a signature around it, in one of the two forms.</summary>
/// <param name="Octets">The message, or the entity where no outer fields were given.</param>
/// <param name="Content">What was signed.</param>
/// <param name="Form">The form.</param>
internal readonly record struct SignedLayer(byte[] Octets, ReadOnlySequence<byte> Content, SignatureForm Form)
{
    /// <summary>Why the form is not the clear one that was asked for; null where it is the one that was.</summary>
    public string? OpaqueBecause { get; init; }

    /// <summary>Signs.</summary>
    /// <param name="outerFields">The fields of the message; none for an entity that goes inside something else.</param>
    /// <param name="content">An entity; fit for transit where the form is clear.</param>
    /// <param name="form">The form.</param>
    /// <param name="signer">Signs.</param>
    /// <param name="at">The signing time.</param>
    public static SignedLayer Make(
        IReadOnlyList<HeaderField> outerFields, ReadOnlySequence<byte> content, SignatureForm form, Signer signer, DateTimeOffset at) =>
        new(
            form == SignatureForm.Clear
                ? MultipartSigned.Compose(outerFields, content, signer.MicAlg, signer.SignDetached(content, at))
                : Pkcs7Mime.Compose(outerFields, "signed-data", "smime.p7m", signer.SignEncapsulated(content, at)),
            content,
            form);

    /// <summary>Reads the final octets back and verifies the signature; null when it is good.</summary>
    public string? FindFlaw(Signer signer) =>
        Form == SignatureForm.Clear ? SignatureProof.OfClear(Octets, signer) : SignatureProof.OfOpaque(Octets, Content, signer);
}
