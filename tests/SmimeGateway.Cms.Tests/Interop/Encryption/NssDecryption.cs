using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>cmsutil of NSS, the engine of Thunderbird, with a database of its own that has the keys of all readers.</summary>
public sealed class NssDecryption : IDecryptionJudge
{
    private const string Password = "secret";

    private readonly NssJudge _nss;

    private NssDecryption(NssJudge nss) => _nss = nss;

    /// <inheritdoc/>
    public string Name => _nss.Name;

    /// <summary>Makes the database.</summary>
    public static async Task<NssDecryption> OpenAsync()
    {
        var nss = await NssJudge.OpenAsync();
        using var folder = new ScratchFolder();
        foreach (var (name, certificate) in Readers.All)
        {
            var file = folder.Write(name, TestPki.MakeP12(Password, certificate));
            await Tool.MustAsync("pk12util", ["-i", file, "-d", nss.Database, "-W", Password]);
        }

        return new NssDecryption(nss);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Decryption>> DecryptAsync(IReadOnlyList<DecryptionCase> cases)
    {
        using var folder = new CaseFolder(cases);
        return await folder.RunForEachAsync($"cmsutil -D -d {_nss.Database} -i $n.der -o $n.out");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _nss.DisposeAsync();
}
