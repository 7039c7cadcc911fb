using SmimeGateway.Deciding;

namespace SmimeGateway.Protecting;

/// <summary>The memory that the versions of a message take together, reckoned before they are made.</summary>
/// <param name="octets">The length of the message as it came.</param>
/// <param name="isDomainSigned">True when a signature is put before each version in the end.</param>
internal sealed class VersionMemory(long octets, bool isDomainSigned = false)
{
    // What base64 with its line ends makes of an octet, and a little for certificates.
    private const double Growth = 1.4;

    private long _octets = octets;
    private long _beside;
    private double _versions;
    private double _passing;

    /// <summary>The octets of the message, of all versions of it, and of what making the greediest of them takes for a while.</summary>
    public long Total => _beside + (long)(_octets * (1 + _versions + _passing));

    /// <summary>What the total would be with further versions.</summary>
    public long TotalWith(Decision decision, bool isSigned, int copies)
    {
        var all = (VersionMemory)MemberwiseClone();
        all.Add(decision, isSigned, copies);
        return all.Total;
    }

    /// <summary>Counts another form of the message in, which versions are made of as well.</summary>
    public void AddForm(long octets)
    {
        _beside += octets;
        _octets = Math.Max(_octets, octets);
    }

    /// <summary>Counts a copy in that leaves as it came, but for a signature before it.</summary>
    /// <param name="isRewritten">True when its lines are written anew as well: in pieces, as a whole, and with the signature.</param>
    public void AddPassing(bool isRewritten)
    {
        _versions += isRewritten ? Growth : 1;
        _passing = Math.Max(_passing, isRewritten ? 2 * Growth : 0);
    }

    /// <summary>Counts further versions in.</summary>
    /// <param name="decision">What is done to each.</param>
    /// <param name="isSigned">True when there is a certificate to sign with.</param>
    /// <param name="copies">How many there are: encryption makes one for each blind recipient.</param>
    public void Add(Decision decision, bool isSigned, int copies)
    {
        // What was signed is read back, and encrypted from the one copy that all versions share.
        var inner = isSigned && decision.SignsInside ? Growth : 1;
        var read = isSigned ? inner : 0;
        if (decision.Encrypt is null)
        {
            _versions += copies * inner;
            _passing = Math.Max(_passing, read);
            return;
        }

        var version = Growth * inner;
        var isWrapped = isSigned && decision.SignsOutside;
        _versions += copies * (isWrapped ? Growth * version : version);
        _passing = Math.Max(_passing, inner + (isWrapped ? 2 * version : isDomainSigned ? version : read));
    }
}
