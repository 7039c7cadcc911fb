using System.Text.RegularExpressions;

namespace SmimeGateway.Certificates.Files;

/// <summary>What the system has against a file, in words for a sentence that names the file already.</summary>
public static partial class FileHindrance
{
    /// <summary>The message of the exception without the paths in it, and without the dot at its end.</summary>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException && Paths().IsMatch(exception.Message))
        {
            return exception is UnauthorizedAccessException ? "access is denied" : "it does not exist";
        }

        var words = Paths().Replace(exception.Message.ReplaceLineEndings(" "), string.Empty).TrimEnd('.', ' ');
        return words.Length == 0 ? exception.GetType().Name : $"{char.ToLowerInvariant(words[0])}{words[1..]}";
    }

    /// <summary>The same with the file before it, for a sentence that does not name it.</summary>
    public static string WithPlace(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Paths().Match(exception.Message) is { Success: true } place ? $"{place.Value.Trim(' ', ':', '\'')}: {Of(exception)}" : exception.Message.TrimEnd('.');
    }

    /// <summary>What to do about a file that cannot be read, as the beginning of a sentence.</summary>
    public static string RemedyOf(Exception exception, string otherwise) =>
        exception is UnauthorizedAccessException ? $"Let the user {Environment.UserName} read it" : otherwise;

    /// <summary>The same of a file that was to be made.</summary>
    public static string OfMaking(Exception exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException ? "the system lets nobody make files there" : Of(exception);

    /// <summary>The same of a file whose folder may not be there yet.</summary>
    public static string OfMaking(Exception exception, string file) =>
        Directory.Exists(file) ? RegularFile.IsFolder
        : exception is not DirectoryNotFoundException || Path.GetDirectoryName(file) is not { Length: > 0 } folder || Directory.Exists(folder) ? OfMaking(exception)
        : File.Exists(folder) ? "what its folder should be is a file"
        : $"its folder is not there; make it: mkdir -p {folder}";

    // "Read-only file system : '/x'", "Access to the path '/x' is denied."
    [GeneratedRegex(@"\s*:?\s*'[^']*'")]
    private static partial Regex Paths();
}
