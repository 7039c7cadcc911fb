using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Accepting.Users;

/// <summary>The users of a listener as of now. The file is looked at when somebody logs in, and read again when it changed.</summary>
#pragma warning disable CA1001 // It looks only when it is asked: nothing of it goes on afterwards.
public sealed class UserList
#pragma warning restore CA1001
{
    // Whoever logs in waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<UserList> _log;
    private readonly Lookout _lookout;
    private volatile Known _known = new(new Dictionary<string, ScramCredentials>(), Problem: null);
    private FileStamp? _stamp;

    /// <summary>Prepares to read the file when somebody logs in.</summary>
    public UserList(string path, TimeProvider time, ILogger<UserList> log)
    {
        _path = path;
        _time = time;
        _log = log;
        _lookout = new Lookout(Refresh, time, patience: Patience, stuck: () => Complain("it does not answer: perhaps a share hangs"));
    }

    /// <summary>What is wrong with the file now, so that nobody new gets in; null when nothing is.</summary>
    public string? FindProblem()
    {
        _lookout.Look();
        return _known.Problem is { } problem ? $"{_path}: {problem.TrimEnd('.')}" : null;
    }

    /// <summary>
    /// Finds a user. A file that has become unreadable, perhaps because it is half written, locks nobody out who was in it before; of all others
    /// nobody knows, and a name that was in it is answered like one that was not.
    /// </summary>
    /// <exception cref="UsersUnavailableException">The file cannot be read, and never was, or is gone.</exception>
    public FoundUser Find(string name)
    {
        _lookout.Look();
        var (users, problem) = _known;
        return problem is null || users.Count > 0
            ? new FoundUser(users.GetValueOrDefault(name), IsUncertain: problem is not null)
            : throw new UsersUnavailableException(problem);
    }

    private void Refresh()
    {
        try
        {
            // The stamp is taken before reading: a change during the reading makes the next stamp differ.
            var stamp = FileStamp.Of([_path]);
            if (stamp.Text == _stamp?.Text && _known.Problem is null)
            {
                return;
            }

            var users = UserFile.Read(_path);
            if (users.Count == 0 && !File.Exists(_path))
            {
                // Whoever was in it is in it no more.
                _known = _known with { Users = users };
                throw new FileNotFoundException("it does not exist");
            }

            _stamp = stamp.IsSettled(FileStamp.Of([_path]), _time.GetUtcNow()) ? stamp : null;
            _known = new Known(users, Problem: null);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            _stamp = null;
            Complain(FileHindrance.Of(exception));
        }
    }

    private void Complain(string problem)
    {
        var known = _known;
        if (known.Problem != problem)
        {
            _known = known with { Problem = problem };
            _log.UsersNotRead(_path, problem.TrimEnd('.'), known.Users.Count);
        }
    }

    private sealed record Known(IReadOnlyDictionary<string, ScramCredentials> Users, string? Problem);
}
