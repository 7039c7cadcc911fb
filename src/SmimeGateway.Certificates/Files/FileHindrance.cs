using System.Text.RegularExpressions;

namespace SmimeGateway.Certificates.Files;

/// <summary>What the system has against a file, in words for a sentence that names the file already.</summary>
public static partial class FileHindrance
{
    /// <summary>The message of the exception without the paths in it, and without the dot at its end.</summary>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var words = Paths().Replace(exception.Message.ReplaceLineEndings(" "), string.Empty).TrimEnd('.', ' ');
        return words.Length == 0 ? exception.GetType().Name : $"{char.ToLowerInvariant(words[0])}{words[1..]}";
    }

    /// <summary>The same of a file that was to be made.</summary>
    public static string OfMaking(Exception exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException ? "the system lets nobody make files there" : Of(exception);

    // "Read-only file system : '/x'", "Access to the path '/x' is denied."
    [GeneratedRegex(@"\s*:?\s*'[^']*'")]
    private static partial Regex Paths();
}
