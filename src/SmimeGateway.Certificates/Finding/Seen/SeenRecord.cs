using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>
/// What is kept of a certificate that signed mail brought along: a text file that <c>openssl x509 -in</c> reads, with the lines of the gateway
/// above the certificate and its issuers below it.
/// </summary>
internal sealed record SeenRecord
{
    private const int MaxCompanions = 10;
    private const string Intact = "O";
    private const string Signed = "signed";

    /// <summary>The address it was seen with, in the form in which addresses are compared.</summary>
    public required string Address { get; init; }

    /// <summary>The certificate.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>The certificates that came above it.</summary>
    public IReadOnlyList<X509Certificate2> Companions { get; init; } = [];

    /// <summary>When the first message came.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>The capabilities that its owner announced last, in DER; empty when he never did.</summary>
    public ReadOnlyMemory<byte> Capabilities { get; init; }

    /// <summary>When the message was signed that announced them.</summary>
    public DateTimeOffset Announced { get; init; }

    /// <summary>The content of the file.</summary>
    public byte[] Encode()
    {
        var text = new StringBuilder();
        Add("address", Address);
        Add("first-seen", Stamp(FirstSeen));
        if (!Capabilities.IsEmpty)
        {
            Add(Signed, Stamp(Announced));
            Add("capabilities", Convert.ToBase64String(Capabilities.Span));
        }

        foreach (var certificate in Companions.Take(MaxCompanions).Prepend(Certificate))
        {
            text.Append('\n').Append(certificate.ExportCertificatePem()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        void Add(string name, string value) => text.Append(name).Append(": ").Append(value).Append('\n');
    }

    /// <summary>Reads the content of a file; null when it is damaged.</summary>
    public static SeenRecord? TryRead(byte[] file)
    {
        try
        {
            var fields = ReadFields(file);
            var read = CertificateFile.Read(file);
            var certificates = read.Certificates;
            var announced = AnnouncedIn(fields);
            return read.Unreadable == 0 && certificates.Count > 0 && fields.TryGetValue("address", out var address)
                ? new SeenRecord
                {
                    Address = address,
                    Certificate = certificates[0],
                    Companions = [.. certificates.Skip(1).Take(MaxCompanions)],
                    FirstSeen = Moment(fields.GetValueOrDefault("first-seen")),
                    Announced = announced,
                    Capabilities = announced > DateTimeOffset.MinValue ? Convert.FromBase64String(fields.GetValueOrDefault("capabilities", "")) : default,
                }
                : null;
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    // Earlier versions wrote the time of arrival where a message had no signing time, and such an announcement may be of any age. A signing
    // time has no fractions of a second (RFC 5652, section 11.3), and the clock nearly always has.
    private static DateTimeOffset AnnouncedIn(Dictionary<string, string> fields)
    {
        if (fields.TryGetValue(Signed, out var signed))
        {
            return Moment(signed);
        }

        var earlier = Moment(fields.GetValueOrDefault("announced"));
        return earlier.Ticks % TimeSpan.TicksPerSecond == 0 ? earlier : DateTimeOffset.MinValue;
    }

    private static Dictionary<string, string> ReadFields(byte[] file)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n'))
        {
            if (line.Length == 0)
            {
                break;
            }

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
            {
                fields.TryAdd(line[..colon], line[(colon + 2)..].TrimEnd('\r'));
            }
        }

        return fields;
    }

    private static string Stamp(DateTimeOffset moment) => moment.UtcDateTime.ToString(Intact, CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string? text)
        => text is null ? DateTimeOffset.MinValue : DateTimeOffset.ParseExact(text, Intact, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
