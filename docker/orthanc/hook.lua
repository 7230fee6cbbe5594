-- SPDX-License-Identifier: Apache-2.0
-- Has cxr-localizer localize each study that has become stable, unless nothing but results came in since the last request.
--
-- CXR_LOCALIZER_URL names the service, CXR_LOCALIZER_NODE this Orthanc in its configuration (pacs.nodes), CXR_LOCALIZER_KEY an API
-- key with the scope pacs, if the service requires one. With RESULTS_HOST, RESULTS_PORT and RESULTS_AET, this Orthanc is a gateway:
-- the service's results, and nothing else, are sent there by C-STORE. With KEEP_DAYS, a gateway removes finished studies so many days
-- after their last object came.
--
-- Orthanc's own list of jobs must not outlive a restart (SaveJobs is false): the script finds what is unsent, and a saved job would
-- send it twice.

local function setting(name, default)
  local value = os.getenv(name)
  return value ~= nil and value ~= '' and value or default
end

local url = setting('CXR_LOCALIZER_URL', 'http://cxr-localizer:8080')
local node = setting('CXR_LOCALIZER_NODE', 'orthanc')
local key = setting('CXR_LOCALIZER_KEY')
local host = setting('RESULTS_HOST')
local port = setting('RESULTS_PORT', '104')
local aet = setting('RESULTS_AET', 'PACS')
local keepDays = tonumber(setting('KEEP_DAYS', ''))

local OURS = 'cxr-localizer'
local PACS = 'results'

-- The state that outlives a restart is metadata in Orthanc. Of a study: the number of others' instances at the last request, and the
-- time of the study's last object when nothing was left to do. Of an instance: when it was sent.
local REQUESTED, DONE, SENT = '9101', '9102', '9103'

-- The rest is rebuilt at a start. Instances to be sent, the study of each, and the one on its way with its job: one at a time, so
-- that a crash repeats one at most.
local queue, studyOf, sending = {}, {}, nil
-- Set by a failure until the next beat.
local paused = false
-- Studies that are settled again at the next beat.
local unsettled = {}
-- Set by a request that failed until the next beat: an attempt may take as long as HttpTimeout, and blocks Orthanc.
local isAway = false
local reported = {}
local cleanAt = 0

-- Beats: OnHeartBeat, since Orthanc 1.11.1. Before, the only clock that a script can use is the age at which a study is stable: the
-- script stores a small study of its own, and its event is the beat. There is one only in a gateway, and only while something waits.
local TIMER = 'cxr-localizer timer'
local timer, hasHeart = nil, false

local function get(uri)
  local answer = RestApiGet(uri)
  return answer and ParseJson(answer)
end

local function keep(level, id, what, value)
  RestApiPut('/' .. level .. '/' .. id .. '/metadata/' .. what, value)
end

local function now(ago)
  return os.date('!%Y%m%dT%H%M%S', math.floor(os.time() - (ago or 0)))
end

-- Logs each message once per resource.
local function report(id, text)
  if reported[id] ~= text then
    reported[id] = text
    print(text)
  end
end

local function request(study, uid)
  local path = url .. '/v1/pacs/' .. node .. '/studies/' .. uid
  local answer
  if key then
    answer = HttpPost(path, '', { ['X-API-Key'] = key })
  else
    -- An empty table of headers makes the call fail in Orthanc 1.10.1.
    answer = HttpPost(path, '')
  end
  if answer and string.find(answer, '"id"', 1, true) then
    reported[study] = nil
    return true
  end
  report(study, 'cxr-localizer did not accept study ' .. study .. ', which is requested again later')
  return false
end

local function isSent(instance)
  local metadata = get('/instances/' .. instance .. '/metadata?expand') or {}
  -- Results that came by C-STORE came from a PACS, which has them.
  return metadata[SENT] ~= nil or metadata['Origin'] == 'DicomProtocol'
end

local function settleLater(study)
  for _, other in ipairs(unsettled) do
    if other == study then
      return
    end
  end
  table.insert(unsettled, study)
end

-- Requests the localization of a study's images, and queues its results.
local function settle(study)
  local about = get('/studies/' .. study)
  local metadata = about and get('/studies/' .. study .. '/metadata?expand')
  if not metadata then
    return
  end
  if about['MainDicomTags']['StudyDescription'] == TIMER then
    RestApiDelete('/studies/' .. study) -- left by a crash
    return
  end
  -- Read before the list of instances, so that an object that comes meanwhile leaves the study unfinished.
  local updated = metadata['LastUpdate']
  if metadata[DONE] == updated then
    return
  end
  local second = now()
  local others, unsent = 0, 0
  for _, series in ipairs(get('/studies/' .. study .. '/series') or {}) do
    if series['MainDicomTags']['Manufacturer'] ~= OURS then
      others = others + #series['Instances']
    elseif host then
      for _, instance in ipairs(series['Instances']) do
        if studyOf[instance] then
          unsent = unsent + 1
        elseif not isSent(instance) then
          unsent = unsent + 1
          studyOf[instance] = study
          table.insert(queue, instance)
        end
      end
    end
  end
  if others > 0 and metadata[REQUESTED] ~= tostring(others) then
    if isAway or not request(study, about['MainDicomTags']['StudyInstanceUID']) then
      isAway = true
      settleLater(study)
      return
    end
    keep('studies', study, REQUESTED, tostring(others))
  end
  if unsent == 0 then
    -- In the second of the last object, another one may come and leave the time as it is.
    if updated < second then
      keep('studies', study, DONE, updated)
    else
      settleLater(study)
    end
  end
end

-- Sends the next instance.
local function send()
  while host and not sending and not paused and #queue > 0 do
    local instance = table.remove(queue, 1)
    local answer = RestApiPost('/modalities/' .. PACS .. '/store', DumpJson({ Resources = { instance }, Synchronous = false }, true))
    if answer then
      sending = { job = ParseJson(answer)['ID'], instance = instance }
    elseif get('/instances/' .. instance) then
      table.insert(queue, instance)
      paused = true
    else
      studyOf[instance] = nil -- deleted meanwhile
    end
  end
end

local function arm()
  if host and not hasHeart and not timer and (#unsettled > 0 or paused and #queue > 0) then
    local answer = RestApiPost('/tools/create-dicom',
      DumpJson({ Tags = { PatientID = TIMER, PatientName = TIMER, StudyDescription = TIMER, Modality = 'OT' } }, true))
    if answer then
      timer = get('/instances/' .. ParseJson(answer)['ID'] .. '/study')['ID']
    end
  end
end

-- Handles the end of a job, if it is the one that sends.
local function ended(job, isSuccess)
  if not sending or sending.job ~= job then
    return
  end
  local instance = sending.instance
  sending = nil
  if isSuccess then
    local study = studyOf[instance]
    keep('instances', instance, SENT, now())
    studyOf[instance], reported[instance] = nil, nil
    settle(study)
  else
    local about = get('/jobs/' .. job) or {}
    report(instance, aet .. ' did not accept instance ' .. instance .. ', which is sent again later: ' .. (about['ErrorDescription'] or ''))
    -- To the end, so that an instance that is refused for ever delays no other.
    table.insert(queue, instance)
    paused = true
  end
  send()
  arm()
end

-- Removes finished studies of that age, as often as once an hour.
local function clean()
  if not host or not keepDays or os.time() < cleanAt then
    return
  end
  local age = keepDays * 86400
  cleanAt = os.time() + math.min(3600, age)
  local before = now(age)
  for _, study in ipairs(get('/studies') or {}) do
    local metadata = get('/studies/' .. study .. '/metadata?expand')
    if metadata and metadata['LastUpdate'] < before and metadata[DONE] == metadata['LastUpdate'] then
      RestApiDelete('/studies/' .. study)
    end
  end
end

local function beat()
  if sending then
    -- A lost event must not delay the rest for ever.
    local job = get('/jobs/' .. sending.job) or { State = 'Failure' }
    if job['State'] == 'Success' or job['State'] == 'Failure' then
      ended(sending.job, job['State'] == 'Success')
    end
  end
  isAway, paused = false, false
  for _ = 1, #unsettled do
    settle(table.remove(unsettled, 1))
    if isAway then
      break -- the study is at the end now
    end
  end
  send()
  clean()
  arm()
end

function Initialize()
  if not host then
    return
  end
  RestApiPut('/modalities/' .. PACS, DumpJson({ AET = aet, Host = host, Port = port, AllowFind = false, AllowGet = false, AllowMove = false }, true))
  for _, study in ipairs(get('/studies') or {}) do
    settle(study)
  end
  beat()
end

function OnStableStudy(study, tags, metadata)
  if study == timer then
    timer = nil
    RestApiDelete('/studies/' .. study)
  else
    settle(study)
  end
  beat()
end

function OnDeletedStudy(study)
  if study == timer then
    timer = nil
    arm()
  end
end

function OnJobSuccess(job)
  ended(job, true)
end

function OnJobFailure(job)
  ended(job, false)
end

function OnHeartBeat()
  hasHeart = true
  beat()
end
