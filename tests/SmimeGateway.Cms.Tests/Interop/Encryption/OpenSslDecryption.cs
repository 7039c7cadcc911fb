using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary><c>openssl cms -decrypt</c>.</summary>
public sealed class OpenSslDecryption : IDecryptionJudge
{
    private readonly ScratchFolder _keys = new();

    public OpenSslDecryption()
    {
        foreach (var (name, certificate) in Readers.All)
        {
            _keys.Write(name + ".pem", TestPki.MakePem(certificate));
        }
    }

    /// <inheritdoc/>
    public string Name => "OpenSSL";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Decryption>> DecryptAsync(IReadOnlyList<DecryptionCase> cases)
    {
        using var folder = new CaseFolder(cases);
        return await folder.RunForEachAsync(
            $"openssl cms -decrypt -binary -inform DER -in $n.der -recip {_keys.Path}/$reader.pem -out $n.out");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        return ValueTask.CompletedTask;
    }
}
