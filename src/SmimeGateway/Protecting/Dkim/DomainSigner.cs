using System.Security.Cryptography;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Dkim;
using SmimeGateway.Mime.Hardening;

namespace SmimeGateway.Protecting.Dkim;

/// <summary>
/// Signs messages in the name of domains (RFC 6376): the last that is done to them. What the queue may have to write anew for some next hop is
/// written so before, as nothing may change afterwards. Every signature is read back from the final octets and verified.
/// </summary>
/// <param name="choice">Who signs.</param>
/// <param name="arrived">The message as it came; null for mail of the gateway's own.</param>
/// <param name="time">Gives the time of signing.</param>
internal sealed class DomainSigner(DomainChoice choice, Entity? arrived, TimeProvider time)
{
    private const string BeyondLimits = "its header is beyond all limits";

    // With those that are added.
    private static readonly MimeLimits Limits = MimeLimits.Standard with { AddedFields = 1000, MaxHeaderBytes = 2 * MimeLimits.Standard.MaxHeaderBytes };

    /// <summary>Whether somebody signs also what leaves as it came.</summary>
    public bool SignsUnchanged => SignersOf(isChanged: false).Any();

    /// <summary>Signs a message where it is to be signed.</summary>
    public DomainSigning Sign(ProtectedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        // What passes is the very memory that it came in.
        var isChanged = arrived is null || !arrived.Raw.Equals(message.Content);
        var signers = SignersOf(isChanged).ToList();
        if (!isChanged && signers.Count == 0)
        {
            return DomainSigning.Unsigned(message, choice.Reason ?? "it leaves as it came");
        }

        if (!Entity.TryParse(message.Content, Limits, out var leaving, out _))
        {
            return DomainSigning.Unsigned(message, BeyondLimits);
        }

        // What it came with is judged by the lines in which it leaves, and taken out of these.
        var hindrance = signers.Count == 0 ? choice.Reason : FindHindrance(isChanged, ref leaving);
        var foreign = isChanged && arrived is not null ? ForeignSignatures.Judge(arrived.Header, leaving) : ForeignSignatures.None;
        if (hindrance is not null)
        {
            return DomainSigning.Unsigned(message, hindrance) with { Foreign = foreign };
        }

        foreign = foreign with { AreRemoved = signers.Exists(signer => signer.Options.BrokenSignatures == BrokenSignatures.Remove) };
        var keys = new List<(SigningDomain Domain, DkimKey Key)>(signers.Count);
        foreach (var signer in signers)
        {
            var (key, problem) = signer.Key;
            if (key is null)
            {
                return DomainSigning.Unavailable(message, $"the key of {signer.Name}, {SigningDomain.PlaceOf(signer.Options)}: {problem}");
            }

            keys.Add((signer, key));
        }

        byte[] octets;
        List<DkimDraft> drafts;
        try
        {
            octets = Compose(leaving, foreign, keys, out drafts);
        }
        catch (CryptographicException)
        {
            // Trouble like any other of a key: mail waits for it, and a report does not.
            return DomainSigning.Failed(message, "a DKIM key does not sign");
        }

        return FindFlaw(octets, [.. keys.Select(entry => entry.Key)]) is { } flaw
            ? DomainSigning.Failed(message, $"the DKIM signature just made does not verify: {flaw}")
            : new DomainSigning(message.With(octets, [.. signers.Select(signer => signer.Name)]), Trouble: null)
            {
                Foreign = foreign,
                Made = [.. keys.Zip(drafts, (entry, draft) => new MadeSignature(entry.Domain.Domain, entry.Domain.Options.Selector, entry.Key.Algorithm, draft.Names))],
            };
    }

    private IEnumerable<SigningDomain> SignersOf(bool isChanged) => choice.Domains.Where(domain => isChanged || domain.Options.Mail == DkimMail.All);

    // Verifiers must end the header where it ends here.
    private static string? FindHindrance(bool isChanged, ref Entity leaving)
    {
        if (leaving.Header.Any(field => field.Name.Length == 0) || !(leaving.HasSeparator || leaving.Body.IsEmpty))
        {
            return "a line of its header is no field";
        }

        if (ShortLines.MayBeNeeded([leaving.Raw]))
        {
            // Some next hop gets it in short lines; so it gets them now, unless that would break somebody else's signature that is good.
            if (!isChanged && leaving.Header.Find(DkimSignature.FieldName) is not null)
            {
                return "it has a DKIM signature, and lines so long that they may have to be written anew";
            }

            if (!Entity.TryParse(ShortLines.Make(leaving.Raw), Limits, out var fit, out _))
            {
                return BeyondLimits;
            }

            leaving = fit;
        }

        return null;
    }

    private byte[] Compose(Entity leaving, ForeignSignatures foreign, List<(SigningDomain Domain, DkimKey Key)> keys, out List<DkimDraft> drafts)
    {
        var bodyHash = CanonicalBody.Digest(leaving.Body.Span, Canonicalization.Relaxed, HashAlgorithmName.SHA256);
        drafts = [.. keys.Select(entry => DkimDraft.Of(leaving.Header, entry.Domain.TermsFor(entry.Key), bodyHash, time.GetUtcNow()))];
        var pieces = new List<ReadOnlyMemory<byte>>(keys.Count + 2);
        foreach (var (draft, (_, key)) in drafts.Zip(keys))
        {
            pieces.Add(draft.Sign(key.Sign(draft.Octets.Span)));
        }

        if (foreign is { AreRemoved: true, Broken.Count: > 0 })
        {
            pieces.AddRange(leaving.Header.Where(field => !foreign.Broken.Any(broken => broken.Field == field)).Select(field => field.Raw));
            pieces.Add(leaving.Raw[leaving.Header.Raw.Length..]);
        }
        else
        {
            pieces.Add(leaving.Raw);
        }

        var octets = GC.AllocateUninitializedArray<byte>(checked(pieces.Sum(piece => piece.Length)));
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(octets.AsMemory(at));
            at += piece.Length;
        }

        return octets;
    }

    /// <summary>Reads what the keys signed back from the final octets, from the top, and verifies it; null when all of it is good.</summary>
    internal static string? FindFlaw(ReadOnlyMemory<byte> octets, IReadOnlyList<DkimKey> keys)
    {
        if (!Entity.TryParse(octets, Limits, out var message, out var fault))
        {
            return fault.Reason;
        }

        byte[]? read = null;
        for (var i = 0; i < keys.Count; i++)
        {
            if (!DkimSignature.TryRead(message.Header[i], out var signature))
            {
                return "it cannot be read back";
            }

            // All of them are over one body.
            read ??= signature.Covers(message.Body) ? signature.BodyHash.ToArray() : null;
            if (read is null || !signature.BodyHash.Span.SequenceEqual(read))
            {
                return "the body is another one";
            }

            if (!keys[i].Verify(signature.SignedOctets(message.Header).Span, signature.Value.Span))
            {
                return "the header is another one";
            }
        }

        return null;
    }
}
