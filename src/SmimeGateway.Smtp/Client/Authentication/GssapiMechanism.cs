using System.Buffers;
using System.Net;
using System.Net.Security;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>
/// GSSAPI (RFC 4752), that is Kerberos, by the framework's negotiation over the system's library: the server proves who it is, and no secret is
/// shown to it. No security layer is agreed on: what protects the mail is TLS.
/// </summary>
internal sealed class GssapiMechanism : ISaslMechanism, IDisposable
{
    private const byte NoSecurityLayer = 1;
    private const int LayerOctets = 4;

    // A thread that waits for a center that does not answer waits for minutes, and each attempt would leave one more.
    private const int StartsAtOnce = 8;

    private static readonly SemaphoreSlim Places = new(StartsAtOnce);

    private const string NoAnswer = "the key distribution center gives no answer";

    private readonly string _service;
    private readonly NegotiateAuthentication _negotiation;
    private byte[] _first = [];

    private GssapiMechanism(string user, string? password, string host)
    {
        _service = $"smtp/{host}";
        var at = user.LastIndexOf('@');
        _negotiation = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = "Kerberos",
            Credential = password is null ? CredentialCache.DefaultNetworkCredentials
                : at < 0 ? new NetworkCredential(user, password) : new NetworkCredential(user[..at], password, user[(at + 1)..]),
            TargetName = _service,
            RequiredProtectionLevel = ProtectionLevel.Sign,
            RequireMutualAuthentication = true,
        });
    }

    public string Name => SaslNames.Gssapi;

    public bool IsSatisfied { get; private set; }

    /// <summary>Gets the ticket for a server.</summary>
    /// <param name="user">Who logs in, with the realm where it is not the machine's own.</param>
    /// <param name="password">The password; null for the tickets and keys that the account has.</param>
    /// <param name="host">The server.</param>
    /// <param name="patience">How long the key distribution center may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SaslException">There is none.</exception>
    public static async Task<GssapiMechanism> StartAsync(
        string user, string? password, string host, TimeSpan patience, CancellationToken cancellationToken)
    {
        // The library waits for a center that does not answer, and knows no cancellation: on a thread of its own that keeps nobody else.
        return await KeepAsync(() => Start(user, password, host), Places, patience, cancellationToken);
    }

    /// <summary>Does something that may hang on a thread of its own, of which there are no more than places; what comes too late is disposed of.</summary>
    /// <exception cref="SaslException">It failed in whatever way, or took too long.</exception>
    internal static async Task<T> KeepAsync<T>(Func<T> start, SemaphoreSlim places, TimeSpan patience, CancellationToken cancellationToken)
        where T : class, IDisposable
    {
        if (!await places.WaitAsync(patience, cancellationToken))
        {
            throw new SaslException(NoAnswer);
        }

        Task<T> starting;
        try
        {
            starting = Task.Factory.StartNew(() => Try(start, places), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (TaskSchedulerException)
        {
            places.Release();
            throw new SaslException("the system has no thread to ask the key distribution center");
        }

        try
        {
            return await starting.WaitAsync(patience, cancellationToken);
        }
        catch (Exception late) when (late is OperationCanceledException or TimeoutException)
        {
            _ = DisposeLateAsync(starting);
            throw late is TimeoutException ? new SaslException(NoAnswer) : late;
        }
    }

    public byte[] Begin() => _first;

    public byte[] Answer(string challenge)
    {
        var octets = SaslChallenge.Decode(challenge);
        return Try(() => _negotiation.IsAuthenticated ? AgreeOnNoLayer(octets) : Step(octets));
    }

    public void Dispose() => _negotiation.Dispose();

    private static GssapiMechanism Start(string user, string? password, string host)
    {
        var mechanism = new GssapiMechanism(user, password, host);
        try
        {
            mechanism._first = mechanism.Step(default);
            return mechanism;
        }
        catch
        {
            mechanism.Dispose();
            throw;
        }
    }

    private static T Try<T>(Func<T> start, SemaphoreSlim places)
    {
        try
        {
            return Try(start);
        }
        finally
        {
            places.Release();
        }
    }

    private static T Try<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or PlatformNotSupportedException)
        {
            throw new SaslException("this machine has no library for Kerberos (on Debian libgssapi-krb5-2)");
        }
#pragma warning disable CA1031 // A library of the system behind one of the framework, which name no kinds: whatever it is, it is the login that failed, and no mail.
        catch (Exception unknown) when (unknown is not SaslException)
#pragma warning restore CA1031
        {
            throw new SaslException($"Kerberos fails in a way that is not known ({unknown.GetType().Name})");
        }
    }

    private static async Task DisposeLateAsync<T>(Task<T> starting)
        where T : IDisposable
    {
        try
        {
            (await starting).Dispose();
        }
        catch (SaslException)
        {
            // Nobody waits for the reason any more.
        }
    }

    // RFC 4752 section 3.1: the layers that the server takes, and the longest message for one; the answer has no authorization identity.
    private byte[] AgreeOnNoLayer(byte[] challenge)
    {
        var offer = new ArrayBufferWriter<byte>();
        if (_negotiation.Unwrap(challenge, offer, out _) != NegotiateAuthenticationStatusCode.Completed || offer.WrittenCount != LayerOctets)
        {
            throw new SaslException("the server's offer of security layers cannot be read");
        }

        if ((offer.WrittenSpan[0] & NoSecurityLayer) == 0)
        {
            throw new SaslException("the server wants a security layer of GSSAPI, which mail under TLS does not need");
        }

        var choice = new ArrayBufferWriter<byte>();
        if (_negotiation.Wrap([NoSecurityLayer, 0, 0, 0], choice, requestEncryption: false, out _) != NegotiateAuthenticationStatusCode.Completed)
        {
            throw new SaslException("the choice of no security layer could not be written");
        }

        IsSatisfied = true;
        return choice.WrittenSpan.ToArray();
    }

    private byte[] Step(ReadOnlySpan<byte> incoming)
    {
        var outgoing = _negotiation.GetOutgoingBlob(incoming, out var status);
        return status switch
        {
            NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded => outgoing ?? [],
            NegotiateAuthenticationStatusCode.Unsupported => throw new SaslException("this machine has no library for Kerberos (on Debian libgssapi-krb5-2)"),
            NegotiateAuthenticationStatusCode.UnknownCredentials or NegotiateAuthenticationStatusCode.InvalidCredentials or NegotiateAuthenticationStatusCode.CredentialsExpired =>
                throw new SaslException($"Kerberos has no valid ticket for {_service}, and takes no user and password either ({status}): look at the ticket (kinit, KRB5CCNAME) or the keytab of the gateway's account"),
            NegotiateAuthenticationStatusCode.TargetUnknown => throw new SaslException($"Kerberos does not know the service {_service} ({status})"),
            NegotiateAuthenticationStatusCode.InvalidToken or NegotiateAuthenticationStatusCode.MessageAltered => throw new SaslException($"Kerberos does not take the challenge of {_service} ({status})"),
            _ => throw new SaslException($"Kerberos gives no ticket for {_service} ({status}): look at its configuration (krb5.conf), the tickets of the gateway's account and the clocks"),
        };
    }
}
