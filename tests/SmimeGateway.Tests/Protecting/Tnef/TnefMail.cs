using System.Text;
using SmimeGateway.Mime;
using SmimeGateway.Protecting.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Mail with a TNEF object in it.</summary>
internal static class TnefMail
{
    public const string Header = "From: Anna <anna@example.com>\r\nTo: bert@partner.example\r\nSubject: Test\r\nMIME-Version: 1.0\r\n";

    /// <summary>A message whose one part besides a text is the object.</summary>
    public static byte[] Of(byte[] tnef, string text = "") => Encoding.ASCII.GetBytes(
        Header + "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + text
        + "\r\n--b\r\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + System.Convert.ToBase64String(tnef, Base64FormattingOptions.InsertLineBreaks) + "\r\n--b--\r\n");

    public static Entity Read(byte[] mail)
    {
        Entity.TryParse(mail, MimeLimits.Standard, out var entity, out var fault).ShouldBeTrue(fault?.Reason);
        return entity!;
    }

    public static TnefConversion Convert(byte[] mail) =>
        TnefConversion.Of(Read(mail), _ => true, MimeLimits.Standard, TimeProvider.System, CancellationToken.None);

    /// <summary>All leaves and attached messages.</summary>
    public static List<Entity> Leaves(Entity entity)
    {
        entity.TryGetParts(out var parts, out var fault).ShouldBeTrue(fault?.Reason);
        return entity.IsMessage ? [entity, .. parts!.SelectMany(Leaves)] : parts!.Count == 0 ? [entity] : [.. parts.SelectMany(Leaves)];
    }
}
