using System.ComponentModel;
using System.Security.Authentication;
using SmimeGateway.Smtp.Client.Authentication;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

/// <summary>What the system's library does while it gets a ticket: hang, and fail in any way.</summary>
public sealed class GssapiTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _places = new(1);
    private readonly ManualResetEventSlim _answer = new();
    private int _started;

    public static TheoryData<Exception> Failures =>
        [new InvalidOperationException("odd"), new Win32Exception(5), new AuthenticationException("odd"), new OperationCanceledException("odd"), new ArgumentException("odd")];

    public void Dispose()
    {
        _places.Dispose();
        _answer.Dispose();
    }

    [Fact]
    public async Task A_center_that_does_not_answer_keeps_no_more_threads_than_there_are_places_and_what_comes_too_late_is_disposed_of()
    {
        using var ticket = new SomeTicket();
        SomeTicket Start()
        {
            Interlocked.Increment(ref _started);
            _answer.Wait();
            return ticket;
        }

        for (var i = 0; i < 3; i++)
        {
            (await Should.ThrowAsync<SaslException>(GssapiMechanism.KeepAsync(Start, _places, Short, default))).Message.ShouldBe("the key distribution center gives no answer");
        }

        _started.ShouldBe(1);
        _answer.Set();
        await Eventually.TrueAsync(() => ticket.Disposals == 1);
        (await GssapiMechanism.KeepAsync(Start, _places, TimeSpan.FromMinutes(1), default)).ShouldBeSameAs(ticket);
        ticket.Disposals.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task However_the_library_fails_it_is_the_login_that_failed(Exception failure)
    {
        for (var i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<SaslException>(GssapiMechanism.KeepAsync<SomeTicket>(() => throw failure, _places, TimeSpan.FromMinutes(1), default)))
                .Message.ShouldBe($"Kerberos fails in a way that is not known ({failure.GetType().Name})");
        }
    }

    [Theory]
    [InlineData(typeof(DllNotFoundException))]
    [InlineData(typeof(EntryPointNotFoundException))]
    [InlineData(typeof(PlatformNotSupportedException))]
    public async Task A_library_that_is_not_there_is_told_by_its_name(Type failure) =>
        (await Should.ThrowAsync<SaslException>(GssapiMechanism.KeepAsync<SomeTicket>(() => throw (Exception)Activator.CreateInstance(failure)!, _places, TimeSpan.FromMinutes(1), default)))
            .Message.ShouldContain("libgssapi-krb5-2");

    [Fact]
    public async Task Who_gives_up_waits_no_longer()
    {
        using var gone = new CancellationTokenSource();
        var waiting = GssapiMechanism.KeepAsync(
            () =>
            {
                _answer.Wait();
                return new SomeTicket();
            },
            _places, TimeSpan.FromMinutes(1), gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(Eventually.EndsAsync(waiting));
        _answer.Set();
        await Eventually.TrueAsync(() => _places.CurrentCount == 1);
    }

    private sealed class SomeTicket : IDisposable
    {
        private int _disposals;

        public int Disposals => Volatile.Read(ref _disposals);

        public void Dispose() => Interlocked.Increment(ref _disposals);
    }
}
