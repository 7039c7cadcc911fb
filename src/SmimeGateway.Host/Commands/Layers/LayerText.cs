using System.Globalization;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Opening;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>The layers of a message as lines for people.</summary>
internal static class LayerText
{
    /// <summary>A few lines for each layer, then what lies innermost.</summary>
    public static IEnumerable<string> Lines(LayeredMessage message)
    {
        var number = 0;
        foreach (var layer in message.Layers)
        {
            yield return $"{++number}. {Heading(layer)}";
            foreach (var line in Details(layer))
            {
                yield return "   " + line;
            }
        }

        if (message.ProtectedHeader is { } header)
        {
            yield return $"protected header ({(header.Meant == HeaderProtectionValue.Cipher ? "encrypted" : "signed")}):";
            foreach (var field in header.Fields)
            {
                yield return $"   {field}{(header.Hidden.Any(name => field.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) ? "   (hidden outside)" : string.Empty)}";
            }
        }

        foreach (var line in message.Content?.Lines() ?? [])
        {
            yield return "| " + line;
        }
    }

    /// <summary>What a layer is, in a few words.</summary>
    public static string Heading(ShownLayer layer) => layer.Kind switch
    {
        ExistingProtection.ClearSigned => "signed, clear",
        ExistingProtection.OpaqueSigned => "signed, opaque",
        ExistingProtection.Enveloped => $"encrypted with {layer.Algorithm ?? "an unknown cipher"}",
        ExistingProtection.AuthEnveloped => $"encrypted and authenticated with {layer.Algorithm ?? "an unknown cipher"}",
        ExistingProtection.Compressed => $"compressed with {layer.Algorithm ?? "an unknown algorithm"}",
        _ => layer.Kind.ToString(),
    };

    private static IEnumerable<string> Details(ShownLayer layer)
    {
        foreach (var recipient in layer.Recipients)
        {
            var name = recipient.Addresses.Count > 0 ? string.Join(", ", recipient.Addresses) : "unknown";
            yield return $"for {name}: {recipient.Algorithm}, {recipient.Certificate}";
        }

        if (layer.OpenedWith is { } opener)
        {
            yield return $"opened with {opener}";
        }

        foreach (var line in layer.Signers.SelectMany(Details))
        {
            yield return line;
        }

        foreach (var line in layer.Beside)
        {
            yield return $"beside: {line}";
        }

        if (layer.Fault is { } fault)
        {
            yield return $"not opened: {fault.TrimEnd('.')}";
        }
    }

    private static IEnumerable<string> Details(SignerVerdict signer)
    {
        yield return $"by {signer.Subject ?? "an unknown signer"} for {string.Join(", ", signer.Addresses.DefaultIfEmpty("no address"))}, serial {signer.SerialNumber ?? "unknown"}, of {signer.Issuer ?? "an unknown issuer"}";
        if (signer.FoundIn is { } place)
        {
            yield return $"certificate: not in the message, but in {place}";
        }

        yield return $"{signer.Algorithm}, {signer.Digest}, {signer.SigningTime?.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? "no time given"}";
        yield return $"signature: {signer.SignatureFault?.TrimEnd('.') ?? "good"}";
        foreach (var line in signer.Weaknesses.Select(weakness => $"strength: {weakness}").Concat(signer.TimeFaults.Select(fault => $"time: {fault}")))
        {
            yield return line;
        }

        yield return $"trust: {(signer.TrustFaults.Count == 0 ? "trusted" : string.Join("; ", signer.TrustFaults))}";
        yield return $"author: {signer.AuthorFault ?? "the certificate is for the address in From"}";
    }
}
