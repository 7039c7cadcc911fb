using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Host.Commands;

/// <summary>A message that an administrator has as a file.</summary>
internal static class MessageFile
{
    // Far more than a listener takes: a bigger file was named by mistake.
    private const int MaxOctets = 512 * 1024 * 1024;

    /// <summary>Reads it with CR LF line ends; false after a complaint.</summary>
    public static bool TryRead(FileInfo file, [NotNullWhen(true)] out byte[]? message)
    {
        message = null;
        try
        {
            message = LineEnds.ToCrLf(RegularFile.Read(file.FullName, MaxOctets));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"{file.FullName} {Hindrance(file, exception)}.");
            return false;
        }
    }

    private static string Hindrance(FileInfo file, Exception exception) => exception switch
    {
        _ when Directory.Exists(file.FullName) => "is a folder: name the file of the message",
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "cannot be read: this account has no right to",
        _ => $"cannot be read: {FileHindrance.Of(exception)}",
    };
}
