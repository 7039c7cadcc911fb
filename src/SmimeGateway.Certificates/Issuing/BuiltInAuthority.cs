using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>
/// An authority of the gateway's own. It issues a certificate when one is first needed, keeps it, and replaces it before it expires. Look-ups
/// of certificates that exist never wait for one that is being made.
/// </summary>
public sealed class BuiltInAuthority : IOwnCertificateSource
{
    private readonly AuthorityFolder _folder;
    private readonly Func<string, bool> _covers;
    private readonly AuthorityOptions _options;
    private readonly TimeProvider _time;
    private readonly X509Certificate2 _rootWithKey;
    private readonly ConcurrentDictionary<string, OwnCertificate[]> _byAddress = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<(string Client, string? Refusal)>>> _underway = new(StringComparer.Ordinal);
    private readonly List<SourceProblem> _problems = [];
    private readonly IssuingMeter _meter;

    // Making keys may take half of the processors, so that a flood of new senders leaves the rest to the mail.
    private readonly SemaphoreSlim _makers = new(Math.Max(1, Environment.ProcessorCount / 2));
    private long _version;
    private (long Version, IReadOnlyList<OwnCertificate> All)? _all;

    private BuiltInAuthority(string name, string folder, Func<string, bool> covers, AuthorityOptions options, TimeProvider time)
    {
        Name = name;
        _covers = covers;
        _options = options;
        _time = time;
        _meter = new IssuingMeter(options, time);
        _folder = new AuthorityFolder(name, folder, options.KeepsIssued);
        _rootWithKey = _folder.OpenRoot(() => RootCertificate.Make(options, time.GetUtcNow()));
        Root = X509CertificateLoader.LoadCertificate(_rootWithKey.RawDataMemory.Span);
        LoadIssued();
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>The root, without its private key.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>The root in PEM, to be handed to recipients; <c>root.cer</c> beside it is the same in DER.</summary>
    public string RootFile => _folder.RootFile;

    /// <summary>Where the root of an authority in this folder is, or will be, in PEM.</summary>
    public static string RootFileIn(string folder) => Path.Combine(folder, AuthorityFolder.PublishedRoot);

    /// <summary>The file of an authority's root and its key.</summary>
    public static string KeyFileIn(string folder) => Path.Combine(folder, AuthorityFolder.RootWithKey);

    /// <inheritdoc />
    public long Version => Interlocked.Read(ref _version);

    /// <inheritdoc />
    public IReadOnlyList<OwnCertificate> All
    {
        get
        {
            var version = Version;
            lock (_problems)
            {
                if (_all is not { } known || known.Version != version)
                {
                    _all = known = (version, [.. _byAddress.Values.SelectMany(own => own).DistinctBy(own => own.Traits.Thumbprint, StringComparer.Ordinal)]);
                }

                return known.All;
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<SourceProblem> Problems
    {
        get
        {
            var rootEnd = CertificateTraits.Read(Root).NotAfter;
            lock (_problems)
            {
                return rootEnd - _time.GetUtcNow() > _options.RenewBefore
                    ? [.. _problems]
                    : [.. _problems, new SourceProblem(
                        Name, RootFile, $"the root ends on {rootEnd:yyyy-MM-dd}", "Move the authority's folder away; the next start makes a new root, which recipients must be given") { Conceals = false }];
            }
        }
    }

    /// <summary>Whether the certificates that it issues from now on have keys that no quantum computer is known to break.</summary>
    public bool IssuesPostQuantum => _options.LeafKey == AuthorityKey.MlDsa;

    /// <summary>Opens the authority in a folder, which is made, with a root, on first use.</summary>
    /// <param name="name">The configured name of the source.</param>
    /// <param name="folder">The folder of the authority alone.</param>
    /// <param name="covers">Whether certificates are issued for an address.</param>
    /// <param name="options">Keys and lifetimes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    /// <exception cref="SourceUnreachableException">The file of the root is damaged.</exception>
    public static BuiltInAuthority Open(string name, string folder, Func<string, bool> covers, AuthorityOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(options);
        return new BuiltInAuthority(name, Path.GetFullPath(folder), covers, options, time);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, CancellationToken cancellationToken)
        => FindAsync(address, client: "", cancellationToken);

    /// <summary>The certificates that name an address; where there is none, one is issued first.</summary>
    /// <param name="address">The address.</param>
    /// <param name="client">On whose behalf: each client may have so many issued within an hour.</param>
    /// <param name="cancellationToken">Gives up waiting; a certificate that has been begun is finished all the same.</param>
    /// <exception cref="SourceUnreachableException">There is none, and none can or may be issued now.</exception>
    public ValueTask<IReadOnlyList<OwnCertificate>> FindAsync(string address, string client, CancellationToken cancellationToken)
    {
        if (!MailboxName.TryNormalize(address, out var key) || !_covers(address))
        {
            return ValueTask.FromResult<IReadOnlyList<OwnCertificate>>([]);
        }

        var known = _byAddress.GetValueOrDefault(key) ?? [];
        return Array.Exists(known, IsFresh) || !IsRootAlive()
            ? ValueTask.FromResult<IReadOnlyList<OwnCertificate>>(known)
            : FindOrIssueAsync(key, address, client, known, cancellationToken);
    }

    /// <summary>The certificates that were issued for an address; none is issued for the question.</summary>
    public IReadOnlyList<OwnCertificate> FindIssued(string address)
        => MailboxName.TryNormalize(address, out var key) && _covers(address) ? _byAddress.GetValueOrDefault(key) ?? [] : [];

    /// <summary>Issues a certificate, even if there is one already; where two belong together, it is the one to sign with.</summary>
    /// <exception cref="IssuingRefusedException">The address is not covered, or no plausible mailbox, or the root has expired.</exception>
    /// <exception cref="SourceUnreachableException">The certificate cannot be made or stored now.</exception>
    public async Task<OwnCertificate> IssueAsync(string address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!MailboxName.TryNormalize(address, out var key))
        {
            throw new IssuingRefusedException($"{PrintableText.Of(address)} is no plausible mailbox");
        }

        if (!_covers(address))
        {
            throw new IssuingRefusedException($"{PrintableText.Of(address)} is not among the addresses that {Name} issues for: add it to \"issueFor\" of this source");
        }

        return IsRootAlive()
            ? await Task.Run(() => MakeAsync(key, address), cancellationToken).WaitAsync(cancellationToken)
            : throw new IssuingRefusedException($"the root of {Name} has expired");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Work underway ends first: it holds the semaphore, and its certificate is worth keeping.
        foreach (var work in _underway.Values)
        {
            await ((Task)work.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _makers.Dispose();
        _rootWithKey.Dispose();
    }

    private async ValueTask<IReadOnlyList<OwnCertificate>> FindOrIssueAsync(
        string key, string address, string client, OwnCertificate[] known, CancellationToken cancellationToken)
    {
        try
        {
            // All who ask for one address at the same time wait for one certificate. It is finished even when they give up. That one of them may
            // have no more says nothing about the others.
            while (true)
            {
                var work = _underway.GetOrAdd(key, _ => new Lazy<Task<(string, string?)>>(() => Task.Run(() => RefreshAsync(key, address, client))));
                var (asked, refusal) = await work.Value.WaitAsync(cancellationToken);
                if (refusal is null)
                {
                    break;
                }

                if (asked == client)
                {
                    throw new SourceUnreachableException($"no certificate is issued for {PrintableText.Of(address)} now: {refusal}");
                }
            }
        }
        catch (SourceUnreachableException) when (Array.Exists(known, own => own.Traits.IsValidAt(_time.GetUtcNow())))
        {
            // Renewal failed, but the old certificate is good for a while.
        }

        return _byAddress.GetValueOrDefault(key) ?? known;
    }

    private async Task<(string Client, string? Refusal)> RefreshAsync(string key, string address, string client)
    {
        try
        {
            // Whoever asked just before the last one finished finds its work here. Another process, too, may have issued.
            if ((FindFresh(key) ?? FindFresh(key, _folder.Reread(key))) is not null)
            {
                return (client, null);
            }

            if (!_byAddress.ContainsKey(key) && _meter.Refuse(client, _byAddress.Count) is { } refusal)
            {
                return (client, refusal);
            }

            await MakeAsync(key, address);
            return (client, null);
        }
        finally
        {
            _underway.TryRemove(key, out _);
        }
    }

    private async Task<OwnCertificate> MakeAsync(string key, string address)
    {
        await _makers.WaitAsync();
        try
        {
            _ = MailboxName.TryWrite(address, out var written);
            OwnCertificate[] made =
                [.. _folder.Add(key, IssuedCertificate.Make(written!, _rootWithKey, _options, _time.GetUtcNow())).Select(Complete)];
            Remember(key, made);
            return made[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SourceUnreachableException($"a certificate for {PrintableText.Of(address)} cannot be made or stored: {FileHindrance.WithPlace(exception)}", exception);
        }
        finally
        {
            _makers.Release();
        }
    }

    private OwnCertificate? FindFresh(string key) => _byAddress.TryGetValue(key, out var known) ? Array.Find(known, IsFresh) : null;

    private OwnCertificate? FindFresh(string key, IReadOnlyList<OwnCertificate> reread)
    {
        foreach (var own in reread.Where(own => IsOurs(own) && own.Traits.HasAddressKey(key)))
        {
            Remember(key, [Complete(own)]);
        }

        return FindFresh(key);
    }

    // All that belong together at once: whoever finds one to sign with finds the one to encrypt to beside it.
    private void Remember(string key, OwnCertificate[] more)
    {
        _byAddress.AddOrUpdate(
            key,
            more,
            (_, known) => [.. known, .. more.Where(own => !Array.Exists(known, other => other.Traits.Thumbprint == own.Traits.Thumbprint))]);
        Interlocked.Increment(ref _version);
    }

    private void LoadIssued()
    {
        var foreign = 0;
        foreach (var reading in _folder.ReadIssued())
        {
            // Whose it is stands in the name of the file: nobody else waits for it.
            _problems.AddRange(reading.Problems.Select(problem => problem with { Conceals = false }));
            foreach (var own in reading.Held)
            {
                if (!IsOurs(own))
                {
                    foreign++;
                    continue;
                }

                foreach (var key in own.Traits.AddressKeys)
                {
                    Remember(key, [Complete(own)]);
                }
            }
        }

        if (foreign > 0)
        {
            _problems.Add(new SourceProblem(
                Name, _folder.RootFile, $"{foreign} stored certificates were issued by another root and are not used", "Nothing needs to be done; new ones are issued when needed")
            {
                Conceals = false,
            });
        }
    }

    private OwnCertificate Complete(OwnCertificate own) => own with { Chain = [Root] };

    private bool IsOurs(OwnCertificate own) => own.PublicCertificate.IssuerName.RawData.AsSpan().SequenceEqual(Root.SubjectName.RawData);

    private bool IsRootAlive() => CertificateTraits.Read(Root).IsValidAt(_time.GetUtcNow());

    // Near the end of the root a certificate cannot live longer than it, and is as fresh as can be.
    private bool IsFresh(OwnCertificate own)
    {
        var now = _time.GetUtcNow();
        return own.Traits.IsValidAt(now)
            && (own.Traits.NotAfter - now > _options.RenewBefore || own.Traits.NotAfter >= CertificateTraits.Read(Root).NotAfter);
    }
}
