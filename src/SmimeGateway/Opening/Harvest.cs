using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Cms;
using SmimeGateway.Locating;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Opening;

/// <summary>
/// Keeps the certificates that signed mail brings along, so that its authors can be written to. It works behind the path of the messages,
/// one at a time: nobody waits for it, and a message it has no room for is left out, as the next one of the same author will do.
/// </summary>
public sealed partial class Harvest : IAsyncDisposable
{
    private const int MaxMessages = 1000;
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>A list in the log names no more than mail programs announce.</summary>
    private const int MaxNamed = 20;

    private readonly GatewayCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger<Harvest> _log;
    private readonly Channel<Offered> _offers = Channel.CreateBounded<Offered>(new BoundedChannelOptions(MaxMessages) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _loop;
    private long _bytes;
    private DateTimeOffset _quietUntil;

    /// <summary>Begins to work with the first message that is offered.</summary>
    public Harvest(GatewayCounters counters, TimeProvider time, ILogger<Harvest> log)
    {
        _counters = counters;
        _time = time;
        _log = log;
        _loop = new Lazy<Task>(() => Task.Run(WorkAsync));
    }

    /// <summary>Offers a message that was accepted; returns at once.</summary>
    /// <param name="session">The session that brought it, for the log.</param>
    /// <param name="message">The message, which nobody changes any more.</param>
    /// <param name="existing">How it is protected; only signed messages are looked at.</param>
    /// <param name="received">When it came.</param>
    /// <param name="partners">Where certificates are kept, and whom they are judged by.</param>
    public void Offer(string session, ReadOnlyMemory<byte> message, ExistingProtection existing, DateTimeOffset received, PartnerSources partners)
    {
        ArgumentNullException.ThrowIfNull(partners);
        if (existing is not (ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned) || partners.Seen.Count == 0)
        {
            return;
        }

        if (Interlocked.Add(ref _bytes, message.Length) > MaxBytes
            || !_offers.Writer.TryWrite(new Offered(session, message, received, partners)))
        {
            Interlocked.Add(ref _bytes, -message.Length);
            _counters.CountHarvestSkipped();
            return;
        }

        _ = _loop.Value;
    }

    /// <summary>Leaves out what was offered and not begun.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _offers.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            await _loop.Value;
        }

        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stopping.IsCancellationRequested && await _offers.Reader.WaitToReadAsync())
        {
            while (!_stopping.IsCancellationRequested && _offers.Reader.TryRead(out var offered))
            {
                try
                {
                    Take(offered);
                }
#pragma warning disable CA1031 // The last door of a background loop: the next message may fare better.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Complain(offered, exception);
                }
                finally
                {
                    Interlocked.Add(ref _bytes, -offered.Message.Length);
                }
            }
        }
    }

    private void Take(Offered offered)
    {
        var sources = offered.Partners.Seen;
        var found = new HarvestReader(offered.Partners.Trust, offered.Partners.AtHand).Read(
            offered.Message,
            offered.Received,
            (address, certificate, capabilities, signed) => sources.All(source => source.Knows(address, certificate, capabilities, signed)));
        foreach (var harvested in found)
        {
            foreach (var source in sources)
            {
                Keep(offered, harvested, source);
            }
        }
    }

    private void Keep(Offered offered, HarvestedCertificate harvested, SeenCertificates source)
    {
        var (certificate, traits) = (harvested.Certificate.Certificate, harvested.Certificate.Traits);
        var before = CapabilitiesBefore(harvested, source);
        var change = source.Keep(harvested.Address, certificate, harvested.Certificate.Chain, harvested.Capabilities, harvested.Signed);
        switch (change)
        {
            case SeenChange.None:
                return;
            case SeenChange.NoRoom:
                if (MayComplain())
                {
                    NoRoom(_log, offered.Session, harvested.Address, traits.SerialNumber, source.Name);
                }

                return;
            case SeenChange.Capabilities:
                var (then, now) = (NamesOf(before), NamesOf(harvested.Capabilities));
                Announced(_log, offered.Session, harvested.Address, now, harvested.Signed, then, traits.SerialNumber, source.Name);
                break;
            default:
                var news = Words(change);
                Kept(_log, offered.Session, news, harvested.Address, traits.SerialNumber, traits.NotAfter, source.Name);
                break;
        }

        _counters.CountHarvested();
    }

    // For the log alone. A file that is damaged is written anew.
    private static ReadOnlyMemory<byte> CapabilitiesBefore(HarvestedCertificate harvested, SeenCertificates source)
    {
        try
        {
            return source.Recall(harvested.Address, harvested.Certificate.Certificate)?.Capabilities ?? default;
        }
        catch (SourceUnreachableException)
        {
            return default;
        }
    }

    private static string NamesOf(ReadOnlyMemory<byte> capabilities) =>
        SmimeCapabilities.TryRead(capabilities, out var read, out _) && read.All.Count > 0
            ? string.Join(", ", read.All.Take(MaxNamed).Select(capability => capability.Name))
            : "nothing";

    private void Complain(Offered offered, Exception exception)
    {
        if (MayComplain())
        {
            NotKept(_log, exception, offered.Session);
        }
    }

    // A full disk would fail every message, and a flood fills every day's room; the log says it once a minute.
    private bool MayComplain()
    {
        var now = _time.GetUtcNow();
        if (now < _quietUntil)
        {
            return false;
        }

        _quietUntil = now.AddMinutes(1);
        return true;
    }

    private static string Words(SeenChange change) => change switch
    {
        SeenChange.New => "new",
        SeenChange.Capabilities => "known, and reads something else now",
        SeenChange.None => "known",
        SeenChange.NoRoom => "no room",
    };

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Session} kept from signed mail ({Change}): the certificate of {Address}, serial {Serial}, valid until {NotAfter:yyyy-MM-dd}, in {Source}")]
    private static partial void Kept(
        ILogger log, string session, string change, string address, string serial, DateTimeOffset notAfter, string source);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Session} {Address} announced in signed mail to read {Capabilities} (signed {Signed:yyyy-MM-dd HH:mm:ss}), until now {Before}: certificate serial {Serial}, in {Source}")]
    private static partial void Announced(
        ILogger log, string session, string address, string capabilities, DateTimeOffset signed, string before, string serial, string source);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Session} did not keep the certificate of {Address}, serial {Serial}, in {Source}: it is too large, or too many new ones came within a day")]
    private static partial void NoRoom(ILogger log, string session, string address, string serial, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session} a certificate of signed mail could not be kept")]
    private static partial void NotKept(ILogger log, Exception exception, string session);

    private sealed record Offered(string Session, ReadOnlyMemory<byte> Message, DateTimeOffset Received, PartnerSources Partners);
}
