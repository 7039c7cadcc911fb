using System.CommandLine;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Host.Commands.Users;

/// <summary><c>user</c>: who may log in on a listener. The running gateway sees a change at the next login.</summary>
internal static class UserCommand
{
    public static Command Create(SharedOptions options)
    {
        var choice = new UserFileChoice();
        var command = new Command("user", "The users who may log in: add, remove, list.");
        command.Subcommands.Add(CreateAdd(options, choice));
        command.Subcommands.Add(CreateRemove(options, choice));
        command.Subcommands.Add(CreateList(options, choice));
        return command;
    }

    private static Command CreateAdd(SharedOptions options, UserFileChoice choice)
    {
        var name = new Argument<string>("NAME") { Description = "The name to log in with." };
        var passwordFile = new Option<string?>("--password-file")
        {
            Description = "A file with the password. Without it, the password is asked for, or read from standard input when that is no terminal.",
            HelpName = "FILE",
        };
        var add = new Command("add", "Add a user, or give one another password.") { name, passwordFile };
        choice.AddTo(add);
        add.SetAction((parsed, _) => Task.FromResult(Add(options, choice, parsed, parsed.GetValue(name)!, parsed.GetValue(passwordFile))));
        return add;
    }

    private static Command CreateRemove(SharedOptions options, UserFileChoice choice)
    {
        var name = new Argument<string>("NAME") { Description = "The name." };
        var remove = new Command("remove", "Remove a user. A session that is logged in goes on.") { name };
        choice.AddTo(remove);
        remove.SetAction((parsed, _) => Task.FromResult(Remove(options, choice, parsed, parsed.GetValue(name)!)));
        return remove;
    }

    private static Command CreateList(SharedOptions options, UserFileChoice choice)
    {
        var list = new Command("list", "List the users.");
        choice.AddTo(list);
        list.SetAction((parsed, _) => Task.FromResult(List(options, choice, parsed)));
        return list;
    }

    private static int Add(SharedOptions options, UserFileChoice choice, ParseResult parsed, string name, string? passwordFile)
    {
        if (UserFile.FindFault(name) is { } fault)
        {
            Answer.Complain($"\"{name}\" cannot be used: {fault}.");
            return ExitCode.WrongUsage;
        }

        return Change(options, choice, parsed, ExitCode.WrongUsage, users =>
        {
            if (PasswordEntry.Read(passwordFile, name) is not { } password)
            {
                return null;
            }

            // Names ignore case: whoever is there keeps the spelling of the last time.
            var isNew = !users.Remove(name);
            users[name] = ScramCredentials.Create(password);
            return isNew ? $"Added {name}." : $"Changed the password of {name}.";
        });
    }

    private static int Remove(SharedOptions options, UserFileChoice choice, ParseResult parsed, string name) =>
        Change(options, choice, parsed, ExitCode.No, users =>
        {
            if (users.Remove(name))
            {
                return $"Removed {name}.";
            }

            Answer.Complain($"There is no user \"{name}\". \"smimegateway user list\" lists those there are.");
            return null;
        });

    private static int List(SharedOptions options, UserFileChoice choice, ParseResult parsed) => WithFile(options, choice, parsed, path =>
    {
        var names = UserFile.Read(path).Keys.Order(StringComparer.OrdinalIgnoreCase).ToList();
        options.AnswerFor(parsed).Give(
            new { File = path, Users = names },
            console =>
            {
                names.ForEach(name => console.WriteLine(name));
                console.WriteLine($"{names.Count} user(s) in {path}.");
            });
        return names.Count > 0 ? ExitCode.Done : ExitCode.No;
    });

    private static int Change(
        SharedOptions options, UserFileChoice choice, ParseResult parsed, int otherwise, Func<Dictionary<string, ScramCredentials>, string?> change) =>
        WithFile(options, choice, parsed, path =>
        {
            var users = new Dictionary<string, ScramCredentials>(UserFile.Read(path), StringComparer.OrdinalIgnoreCase);
            if (change(users) is not { } done)
            {
                return otherwise;
            }

            UserFile.Write(path, users);
            options.AnswerFor(parsed).Give(new { File = path, Users = users.Count }, console => console.WriteLine($"{done} {path} has {users.Count} user(s)."));
            return ExitCode.Done;
        });

    private static int WithFile(SharedOptions options, UserFileChoice choice, ParseResult parsed, Func<string, int> work)
    {
        if (choice.Find(parsed, options.PathFrom(parsed)) is not { } path)
        {
            return ExitCode.WrongUsage;
        }

        try
        {
            return work(path);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"{path} cannot be used: {FileHindrance.Of(exception)}.");
            return ExitCode.WrongUsage;
        }
    }
}
