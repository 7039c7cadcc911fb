using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>A file of the repository, or the part of it between two marks, that is generated.</summary>
internal static class GeneratedFile
{
    /// <summary>Set to 1, the files are written anew instead of compared.</summary>
    private const string UpdateVariable = "SMIMEGATEWAY_UPDATE_GENERATED";

    private const string Begin = "<!-- generated from the option types; the test GeneratedFilesTests says how -->\n";
    private const string End = "<!-- end of what is generated -->\n";

    public static void ShouldHold(string path, string expected)
    {
        var file = Path.Combine(Repository.Root, path);
        var actual = File.ReadAllText(file);
        var from = actual.IndexOf(Begin, StringComparison.Ordinal);
        var to = actual.IndexOf(End, StringComparison.Ordinal);
        var whole = from < 0 ? expected : string.Concat(actual.AsSpan(0, from + Begin.Length), expected, actual.AsSpan(to));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(file, whole);
            return;
        }

        actual.ShouldBe(whole, $"{path} is not what the option types say; run this test with {UpdateVariable}=1 and look at the difference.");
    }
}
