using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using SmimeGateway.Certificates.Files;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// The file of the log: a new one each day and after so many bytes, of which the newest are kept. While it cannot be written, the other places of the
/// log have the lines, and whoever asks hears why. For one thread.
/// </summary>
/// <param name="path">Its name; the date goes before the extension.</param>
/// <param name="formatter">Writes a line.</param>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">How long a file becomes.</param>
internal sealed class LogFile(string path, ITextFormatter formatter, TimeProvider time, long maxBytes = 100L << 20) : ILogEventSink, IDisposable
{
    /// <summary>How many files are kept.</summary>
    public const int Kept = 31;

    // Opening what cannot be opened costs more than a line that is written.
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly StringBuilder _line = new(256);
    private FileStream? _file;
    private DateOnly _day;
    private long _triedAt;
    private bool _isTorn;
    private volatile string? _trouble;

    /// <summary>Told on the log's own thread when lines begin to be lost, with the reason, and with null when they are written again.</summary>
    public Action<string?> TroubleChanged { get; set; } = static _ => { };

    /// <summary>Why the latest line was not written, or null.</summary>
    public string? Trouble => _trouble;

    /// <summary>The name of a file of that day: the first, or one that follows when it is full.</summary>
    public static string NameOf(string path, DateOnly day, int number = 0) => Path.Combine(
        Path.GetDirectoryName(path) ?? string.Empty,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(path)}{day:yyyyMMdd}{(number == 0 ? string.Empty : $"_{number:000}")}{Path.GetExtension(path)}"));

    public void Emit(LogEvent logEvent)
    {
        if (_file is null && _trouble is not null && time.GetElapsedTime(_triedAt) < BetweenTries)
        {
            return;
        }

        string? trouble = null;
        try
        {
            Write(logEvent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            trouble = FileHindrance.WithPlace(exception);
        }

        if ((trouble is null) != (_trouble is null))
        {
            _trouble = trouble;
            TroubleChanged(trouble);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Write(LogEvent logEvent)
    {
        var day = DateOnly.FromDateTime(logEvent.Timestamp.LocalDateTime);
        if (_file is null || day != _day || _file.Position >= maxBytes || IsGone())
        {
            _file?.Dispose();
            _file = null;
            _triedAt = time.GetTimestamp();
            _file = Open(day);
            (_day, _isTorn) = (day, false);
            RemoveOldest();
        }

        _line.Clear();
        if (_isTorn)
        {
            // Half of the line before is there: what follows begins a line of its own.
            _line.AppendLine();
        }

        using var writer = new StringWriter(_line, CultureInfo.InvariantCulture);
        formatter.Format(logEvent, writer);
        _isTorn = true;

        // A second process that was started in error writes here before it ends, and rotation may have cut the file.
        _file.Seek(0, SeekOrigin.End);
        _file.Write(Encoding.UTF8.GetBytes(_line.ToString()));
        _isTorn = false;
    }

    // Whoever takes the file away, or another program that rotates logs, gets a new one in its place.
    private bool IsGone()
    {
        if (time.GetElapsedTime(_triedAt) < BetweenTries)
        {
            return false;
        }

        _triedAt = time.GetTimestamp();
        return !File.Exists(_file!.Name);
    }

    private FileStream Open(DateOnly day)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var number = 0;
        while (new FileInfo(NameOf(path, day, number)) is { Exists: true } full && full.Length >= maxBytes)
        {
            number++;
        }

        var name = NameOf(path, day, number);
        return RegularFile.IsOne(name) ? new FileStream(name, Options()) : throw new IOException($"{name}: {RegularFile.IsNone}");
    }

    // Subjects and addresses are nobody's business but the administrators'. A file that is there keeps the rights somebody gave it.
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        return options;
    }

    private void RemoveOldest()
    {
        // Dates and numbers of equal length sort by age; whatever else begins alike is none of ours.
        var (name, extension) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        var ours = new DirectoryInfo(Path.GetDirectoryName(_file!.Name)!).EnumerateFiles($"{name}*{extension}")
            .Where(file => Path.GetFileNameWithoutExtension(file.Name)[name.Length..].Split('_') is [{ Length: 8 } day, .. var rest]
                && day.All(char.IsAsciiDigit) && (rest is [] || (rest is [var number] && number.All(char.IsAsciiDigit))))
            .OrderByDescending(file => Path.GetFileNameWithoutExtension(file.Name), StringComparer.Ordinal);
        foreach (var file in ours.Skip(Kept).ToList())
        {
            try
            {
                file.Delete();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It takes space and does no other harm; the next file that is opened tries again.
            }
        }
    }
}
