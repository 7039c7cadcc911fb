using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Locating;

/// <summary>Certificates prepared for encryption, each once for each way. They go with the certificate, when a source lets go of it.</summary>
internal sealed class PreparedRecipients
{
    private readonly ConditionalWeakTable<X509Certificate2, Dictionary<(KeyTransport Transport, RecipientNaming Naming), Prepared>> _known = [];

    public bool TryGet(
        X509Certificate2 certificate,
        KeyTransport transport,
        RecipientNaming naming,
        [NotNullWhen(true)] out CmsRecipient? recipient,
        [NotNullWhen(false)] out string? fault)
    {
        var ways = _known.GetValue(certificate, static _ => []);
        Prepared prepared;
        lock (ways)
        {
            if (!ways.TryGetValue((transport, naming), out prepared))
            {
#pragma warning disable CA2000 // It lives as long as the certificate it is kept with.
                var isUsable = CmsRecipient.TryCreate(certificate, transport, naming, out var made, out var problem);
#pragma warning restore CA2000
                prepared = new Prepared(isUsable ? made : null, problem is null ? null : char.ToLowerInvariant(problem.Reason[0]) + problem.Reason[1..].TrimEnd('.'));
                ways.Add((transport, naming), prepared);
            }
        }

        recipient = prepared.Recipient;
        fault = recipient is null ? prepared.Fault ?? "it cannot be encrypted to" : null;
        return recipient is not null;
    }

    private readonly record struct Prepared(CmsRecipient? Recipient, string? Fault);
}
