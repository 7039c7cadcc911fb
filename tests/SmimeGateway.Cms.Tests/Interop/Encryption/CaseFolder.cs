using System.Globalization;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>Cases as files: <c>N.der</c> is the object, <c>N.out</c> what a program decrypts it to, <c>N.err</c> what it says meanwhile.</summary>
internal sealed class CaseFolder : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly int _count;

    public CaseFolder(IReadOnlyList<DecryptionCase> cases)
    {
        _count = cases.Count;
        for (var number = 0; number < cases.Count; number++)
        {
            _folder.Write(Name(number, "der"), cases[number].Cms);
        }

        _folder.Write("cases", string.Concat(cases.Select((one, number) => $"{number} {Readers.NameOf(one.Reader)}\n")));
    }

    public string Path => _folder.Path;

    /// <summary>Runs a command for each case, with its number in <c>$n</c> and its reader in <c>$reader</c>, all in one shell.</summary>
    public async Task<IReadOnlyList<Decryption>> RunForEachAsync(string command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var script = $"while read -r n reader; do {command} >$n.err 2>&1 </dev/null || rm -f $n.out; done <cases";
        var run = await Tool.RunAsync("bash", ["-c", script], environment: environment, folder: Path);
        return run.ExitCode == 0 ? Read() : throw new InvalidOperationException(run.Text);
    }

    public IReadOnlyList<Decryption> Read() => [.. Enumerable.Range(0, _count).Select(Read)];

    public void Dispose() => _folder.Dispose();

    private Decryption Read(int number)
    {
        var (output, errors) = (System.IO.Path.Combine(Path, Name(number, "out")), System.IO.Path.Combine(Path, Name(number, "err")));
        return new Decryption(
            File.Exists(output) ? File.ReadAllBytes(output) : null, File.Exists(errors) ? File.ReadAllText(errors) : string.Empty);
    }

    private static string Name(int number, string extension) => number.ToString(CultureInfo.InvariantCulture) + "." + extension;
}
