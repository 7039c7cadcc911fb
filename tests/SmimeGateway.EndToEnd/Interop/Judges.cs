using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>The three independent judges, all trusting the test root and nothing else.</summary>
public sealed class Judges : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>The root in PEM.</summary>
    public string RootFile { get; private set; } = string.Empty;

    public OpenSsl OpenSsl { get; private set; } = new(string.Empty);

    public Gpgsm Gpgsm { get; private set; } = null!;

    public Cmsutil Cmsutil { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        RootFile = _folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        OpenSsl = new OpenSsl(RootFile);
        Gpgsm = await Gpgsm.OpenAsync(RootFile);
        Cmsutil = await Cmsutil.OpenAsync(RootFile);
    }

    public async Task DisposeAsync()
    {
        await Gpgsm.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        Cmsutil.Dispose();
        _folder.Dispose();
    }
}
