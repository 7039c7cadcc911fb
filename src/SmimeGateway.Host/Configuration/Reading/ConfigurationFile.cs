using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>Reads the bytes of a configuration file.</summary>
internal static class ConfigurationFile
{
    // Ten thousand rules take five.
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads the file; says what is wrong otherwise.</summary>
    public static Flaw? TryRead(string path, out byte[] bytes)
    {
        bytes = [];
        try
        {
            if (Directory.Exists(path))
            {
                return new Flaw("this is a folder", "Name the file in it.");
            }

            // The length is asked of the open file, so that it cannot be another one's.
            using var file = RegularFile.Open(path);
            if (file.Length > MaxBytes)
            {
                return new Flaw($"the file is longer than {MaxBytes} bytes", "This is not a configuration; name another file.");
            }

            var read = new byte[file.Length];
            var length = file.ReadAtLeast(read, read.Length, throwOnEndOfStream: false);
            bytes = read[..length];
            return null;
        }
        catch (FileNotFoundException)
        {
            return new Flaw("there is no such file", "Name the configuration with --config FILE.");
        }
        catch (DirectoryNotFoundException)
        {
            return new Flaw("there is no such folder", "Name the configuration with --config FILE.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new Flaw(
                "the file cannot be read: " + FileHindrance.Of(exception), FileHindrance.RemedyOf(exception, RegularFile.IsOne(path) ? "Look whether its disk is well" : "Name a file") + ".");
        }
    }
}
