using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Accepting.Users;

/// <summary>The users of a listener as of now. The file is looked at when somebody logs in, and read again when it changed.</summary>
public sealed class UserList
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<UserList> _log;
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, ScramCredentials> _users = new Dictionary<string, ScramCredentials>();
    private FileStamp? _stamp;
    private string? _problem;

    /// <summary>Prepares to read the file when somebody logs in.</summary>
    public UserList(string path, TimeProvider time, ILogger<UserList> log)
    {
        _path = path;
        _time = time;
        _log = log;
    }

    /// <summary>
    /// Finds a user. A file that has become unreadable, perhaps because it is half written, locks nobody out who was in it before; of all others
    /// nobody knows, and a name that was in it is answered like one that was not.
    /// </summary>
    /// <exception cref="UsersUnavailableException">The file cannot be read, and never was, or is gone.</exception>
    public FoundUser Find(string name)
    {
        lock (_gate)
        {
            Refresh();
            return _problem is null || _users.Count > 0
                ? new FoundUser(_users.GetValueOrDefault(name), IsUncertain: _problem is not null)
                : throw new UsersUnavailableException(_problem);
        }
    }

    private void Refresh()
    {
        try
        {
            // The stamp is taken before reading: a change during the reading makes the next stamp differ.
            var stamp = FileStamp.Of([_path]);
            if (stamp.Text == _stamp?.Text)
            {
                return;
            }

            _users = UserFile.Read(_path);
            if (_users.Count == 0 && !File.Exists(_path))
            {
                throw new FileNotFoundException("it does not exist");
            }

            _stamp = stamp.IsSettled(FileStamp.Of([_path]), _time.GetUtcNow()) ? stamp : null;
            _problem = null;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            _stamp = null;
            if (_problem != exception.Message)
            {
                _problem = exception.Message;
                _log.UsersNotRead(_path, exception.Message.TrimEnd('.'), _users.Count);
            }
        }
    }
}
