using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Certificates.Finding;

/// <summary>Lists the files of a folder that a source reads.</summary>
internal static class SourceFolder
{
    /// <summary>The files in the order of their names; null and a problem when the folder cannot be listed.</summary>
    public static IReadOnlyList<string>? List(string source, string folder, Func<string, bool> isWanted, ICollection<SourceProblem> problems)
    {
        try
        {
            // A hidden file is the unfinished work of a program that copies.
            var files = Directory.EnumerateFileSystemEntries(folder)
                .Where(isWanted)
                .Where(path => !Path.GetFileName(path).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .ToLookup(RegularFile.IsOne);
            foreach (var path in files[false])
            {
                // It may stand where a file was: whoever is not found may be in that.
                problems.Add(new SourceProblem(source, path, RegularFile.IsNone, "Take it away"));
            }

            return [.. files[true]];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(
                File.Exists(folder) ? new SourceProblem(source, folder, "a file stands where the folder should be", "Name its folder, or name the file as what it is")
                : exception is DirectoryNotFoundException
                ? new SourceProblem(source, folder, "the folder does not exist", "Make it, or correct the path")
                : new SourceProblem(source, folder, "the folder cannot be listed", "Give the gateway's user the right to read it"));
            return null;
        }
    }

    /// <summary>The files that may hold the password of one file alone.</summary>
    public static string[] PasswordFiles(string path) => [path + ".password", Path.ChangeExtension(path, ".password")];
}
