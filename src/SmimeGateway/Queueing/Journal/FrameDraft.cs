using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// A frame on its way to the journal. It is put together by the caller; the writer only stamps the header of the segment it goes to.
/// Contents are not copied: they are written from where they are.
/// </summary>
internal sealed class FrameDraft
{
    /// <summary>Flags of a message entry.</summary>
    internal const byte EightBitFlag = 1;

    /// <summary>Flags of a message entry.</summary>
    internal const byte SmtpUtf8Flag = 2;

    /// <summary>Flags of a message entry.</summary>
    internal const byte OwnFileFlag = 4;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private int _end = FrameHeader.Size;
    private ReadOnlyMemory<byte> _content;
    private List<ReadOnlyMemory<byte>>? _moreContents;
    private long _contentsLength;
    private bool _isSealed;
    private FrameHeader _header;

    /// <summary>The length of the whole frame.</summary>
    public long Length => _end + _contentsLength;

    /// <summary>Adds a message; its content too, unless it has a file of its own.</summary>
    public void AddMessage(MessageEntry message, ReadOnlyMemory<byte> content)
    {
        var envelope = message.Envelope;
        Put((byte)EntryKind.Message);
        Put(message.Sequence);
        Put(message.AcceptedTicks);
        Put(message.ContentLength);
        Put((int)message.ContentChecksum);
        Put((byte)((envelope.Body == BodyType.EightBitMime ? EightBitFlag : 0)
            | (envelope.SmtpUtf8 ? SmtpUtf8Flag : 0)
            | (message.IsOwnFile ? OwnFileFlag : 0)));
        Put(envelope.Recipients.Count);
        PutState(message.State, envelope.Recipients.Count);
        Put(envelope.ReversePath);
        for (var i = 0; i < envelope.Recipients.Count; i++)
        {
            Put(envelope.Recipients[i].Path);
        }

        if (!message.IsOwnFile && !content.IsEmpty)
        {
            AddContent(content);
        }
    }

    /// <summary>Adds what an attempt came to.</summary>
    public void AddProgress(long sequence, DeliveryState state, int recipients)
    {
        Put((byte)EntryKind.Progress);
        Put(sequence);
        Put(recipients);
        PutState(state, recipients);
    }

    /// <summary>Adds that no recipient is left.</summary>
    public void AddEnded(long sequence)
    {
        Put((byte)EntryKind.Ended);
        Put(sequence);
    }

    /// <summary>Computes what does not depend on the segment. Nothing is added afterwards.</summary>
    public void Seal()
    {
        if (Length > FrameHeader.MaxFrameLength)
        {
            throw new InvalidOperationException($"A frame of {Length} bytes is longer than any reader accepts.");
        }

        _header = new FrameHeader(
            _end - FrameHeader.Size, (int)_contentsLength, Crc32C.Of(_buffer.AsSpan(FrameHeader.Size.._end)));
        _isSealed = true;
    }

    /// <summary>Stamps the frame for a segment and adds its pieces to those to be written.</summary>
    public void WriteTo(List<ReadOnlyMemory<byte>> pieces, ulong mark)
    {
        if (!_isSealed)
        {
            throw new InvalidOperationException("The frame is not sealed.");
        }

        _header.Encode(_buffer, mark);
        pieces.Add(_buffer.AsMemory(0, _end));
        if (!_content.IsEmpty)
        {
            pieces.Add(_content);
        }

        if (_moreContents is not null)
        {
            pieces.AddRange(_moreContents);
        }
    }

    /// <summary>Lets go of the contents and the buffer.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _content = default;
        _moreContents = null;
        _isSealed = false;
    }

    private void AddContent(ReadOnlyMemory<byte> content)
    {
        _contentsLength += content.Length;
        if (_content.IsEmpty)
        {
            _content = content;
        }
        else
        {
            (_moreContents ??= []).Add(content);
        }
    }

    private void PutState(DeliveryState state, int recipients)
    {
        Put(state.Attempts);
        Put(state.NextAttemptTicks);
        Put(state.PauseTicks);
        for (var word = 0; word < RecipientSet.WordsFor(recipients); word++)
        {
            Put((long)state.Ended.Word(word));
        }
    }

    private void Put(MailPath path)
    {
        var text = path.Address;
        Reserve(sizeof(ushort) + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_end + sizeof(ushort)));
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_end), checked((ushort)length));
        _end += sizeof(ushort) + length;
    }

    private void Put(byte value)
    {
        Reserve(sizeof(byte));
        _buffer[_end++] = value;
    }

    private void Put(int value)
    {
        Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_end), value);
        _end += sizeof(int);
    }

    private void Put(long value)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_end), value);
        _end += sizeof(long);
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - _end >= count)
        {
            return;
        }

        var wider = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _end + count));
        _buffer.AsSpan(0, _end).CopyTo(wider);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = wider;
    }
}
