using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>Bouncy Castle for Java, in one virtual machine for all cases.</summary>
public sealed class BouncyCastleDecryption : IDecryptionJudge
{
    private const string Classes = "/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar:/usr/share/java/bcpkix.jar";

    private static readonly string Program = Path.Combine(
        Repository.Root, "tests", "SmimeGateway.Cms.Tests", "Interop", "Encryption", "Decrypt.java");

    private readonly ScratchFolder _keys = new();

    public BouncyCastleDecryption()
    {
        foreach (var (name, certificate) in Readers.All)
        {
            using var rsa = certificate.GetRSAPrivateKey();
            using var elliptic = certificate.GetECDiffieHellmanPrivateKey();
            _keys.Write(name + ".crt", certificate.RawData);
            _keys.Write(name + ".key", ((AsymmetricAlgorithm?)rsa ?? elliptic)!.ExportPkcs8PrivateKey());
        }
    }

    /// <inheritdoc/>
    public string Name => "Bouncy Castle (Java)";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Decryption>> DecryptAsync(IReadOnlyList<DecryptionCase> cases)
    {
        using var folder = new CaseFolder(cases);

        // Compiling every method to the end takes longer than running this short program.
        await Tool.MustAsync("java", ["-XX:TieredStopAtLevel=1", "-cp", Classes, Program, _keys.Path], folder: folder.Path);
        return folder.Read();
    }

    /// <summary>Decompresses objects.</summary>
    /// <param name="objects">CompressedData.</param>
    /// <returns>The content of each; null where it cannot be read.</returns>
    public static async Task<IReadOnlyList<byte[]?>> DecompressAsync(IReadOnlyList<byte[]> objects)
    {
        using var folder = new ScratchFolder();
        for (var number = 0; number < objects.Count; number++)
        {
            folder.Write($"{number}.der", objects[number]);
        }

        folder.Write("cases", string.Concat(objects.Select((_, number) => $"{number} -\n")));
        await Tool.MustAsync("java", ["-XX:TieredStopAtLevel=1", "-cp", Classes, Program, folder.Path], folder: folder.Path);
        return [.. objects.Select((_, number) => Path.Combine(folder.Path, $"{number}.out")).Select(file => File.Exists(file) ? File.ReadAllBytes(file) : null)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        return ValueTask.CompletedTask;
    }
}
