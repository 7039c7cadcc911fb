namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>All judges, made once for all tests that ask them.</summary>
public sealed class Judges : IAsyncLifetime
{
    public const string Collection = "Judges";

    public OpenSslJudge OpenSsl { get; } = new();

    public GpgsmJudge Gpgsm { get; private set; } = null!;

    public NssJudge Nss { get; private set; } = null!;

    public FrameworkJudge Framework { get; } = new();

    public IReadOnlyList<IJudge> All => [OpenSsl, Gpgsm, Nss, Framework];

    public async Task InitializeAsync()
    {
        Gpgsm = await GpgsmJudge.OpenAsync();
        Nss = await NssJudge.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var judge in All)
        {
            await judge.DisposeAsync();
        }
    }
}
