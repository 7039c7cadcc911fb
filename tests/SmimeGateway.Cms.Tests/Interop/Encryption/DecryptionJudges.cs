namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>All programs that decrypt, and all cases, made once.</summary>
public sealed class DecryptionJudges : IAsyncLifetime
{
    /// <summary>The names of the judges.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["OpenSSL", "Bouncy Castle (Java)", "GnuPG (gpgsm)", "NSS (Thunderbird)", ".NET EnvelopedCms"];

    /// <summary>What was encrypted: every octet there is, so that no program may take it for text.</summary>
    public static byte[] Content { get; } = [.. Some.Content, .. Enumerable.Range(0, 2000).Select(octet => (byte)octet)];

    /// <summary>All cases.</summary>
    public IReadOnlyList<DecryptionCase> Cases { get; } = DecryptionCase.MakeAll(Content);

    private List<IDecryptionJudge> All { get; } = [];

    /// <summary>The judge of that name.</summary>
    public IDecryptionJudge this[string name] => All.Single(judge => judge.Name == name);

    public async Task InitializeAsync()
    {
        All.AddRange([new OpenSslDecryption(), new BouncyCastleDecryption(), new FrameworkDecryption()]);
        All.Add(await GpgsmDecryption.OpenAsync());
        All.Add(await NssDecryption.OpenAsync());
    }

    public async Task DisposeAsync()
    {
        foreach (var judge in All)
        {
            await judge.DisposeAsync();
        }
    }
}
